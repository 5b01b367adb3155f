//! What the chapter `runtimes/ending` says of Tokio, beside our executor. The
//! steps that it shows are those of the executor: `caught`, `panics` and
//! `abort` in `runtimes/executor`.

pub mod beside;
