//! Every program of *From Poll to Pixel*: one module per chapter, one file
//! per step, each with its tests at the end.

pub mod proof;

pub mod futures;
pub mod pinning;
pub mod wakers;

pub mod runtimes;

pub mod cancellation;
