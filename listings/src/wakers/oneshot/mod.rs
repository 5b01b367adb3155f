//! The steps of the chapter `wakers/oneshot`.

pub mod alone;
pub mod closed;
pub mod outside;
pub mod waker;
