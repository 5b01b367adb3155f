//! The steps of the chapter `wakers/channel`.

pub mod bounded;
pub mod notify;
pub mod unbounded;
pub mod waiters;
pub mod waiting;
