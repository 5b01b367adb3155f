//! The steps of the chapter `wakers/contract`.

pub mod count;
pub mod every_waker;
pub mod fresh;
pub mod one_waker;
pub mod own_slot;
pub mod trusting;
pub mod wake_all;
