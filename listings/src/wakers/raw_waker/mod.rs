//! The steps of the chapter `wakers/raw-waker`.

pub mod broken;
pub mod by_hand;
pub mod local;
pub mod static_flag;
