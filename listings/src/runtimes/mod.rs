//! Who calls `poll`.

pub mod anatomy;
pub mod executor;
pub mod fast_executor;
pub mod scheduling;
