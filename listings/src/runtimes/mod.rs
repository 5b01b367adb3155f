//! Who calls `poll`.

pub mod executor;
