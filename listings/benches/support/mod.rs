//! What the benchmarks share.

pub mod channels;
pub mod runtimes;
pub mod workloads;
