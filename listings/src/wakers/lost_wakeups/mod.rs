//! The steps of the chapter `wakers/lost_wakeups`.

pub mod atomic_waker;
pub mod early;
pub mod latch;
pub mod late;
