//! Six workloads on five runtimes; see `support/measure.rs`.

use std::process::ExitCode;

mod support {
    pub mod channels;
    pub mod measure;
    pub mod runtimes;
    pub mod table;
    pub mod workloads;
}

fn main() -> ExitCode {
    support::measure::main(&[support::workloads::TABLE])
}
