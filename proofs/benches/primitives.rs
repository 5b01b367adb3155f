//! The parts of the chapters on wakers, each beside those that people use;
//! see `support/measure.rs`.

use std::process::ExitCode;

mod support {
    pub mod channels;
    pub mod locks;
    pub mod measure;
    pub mod messages;
    pub mod runners;
    pub mod table;
    pub mod waker;
}

fn main() -> ExitCode {
    use support::{locks, messages, runners};
    support::measure::main(&[
        runners::TABLE,
        messages::ONESHOT,
        messages::CHANNEL,
        locks::TABLE,
    ])
}
