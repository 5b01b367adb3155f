//! The steps of the chapter `wakers/block_on`.

pub mod cached;
pub mod flag;
pub mod job;
pub mod park;
pub mod spin;
