//! Six workloads on six runtimes, and the parts of two of them; see `support/measure.rs`.

use std::process::ExitCode;

mod support {
    pub mod channels;
    pub mod measure;
    pub mod queues;
    pub mod runtimes;
    pub mod table;
    pub mod workloads;
}

fn main() -> ExitCode {
    support::measure::main(&[support::workloads::TABLE, support::queues::TABLE])
}
