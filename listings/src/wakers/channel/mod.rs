//! The steps of the chapter `wakers/channel`.

pub mod bounded;
pub mod unbounded;
pub mod waiters;
pub mod waiting;
