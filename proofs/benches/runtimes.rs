//! Runtimes with several threads, with sockets and with timers. Says what each
//! costs; see `support/measure.rs`. A word after `--` measures one table only.

use std::env;
use std::process::ExitCode;

// The copies of our executors name what they use by these paths.
use listings::{runtimes, wakers};

// The other benchmarks use the rest.
#[allow(dead_code)]
mod support {
    pub mod ablation;
    pub mod calls;
    pub mod channels;
    pub mod echo;
    pub mod growth;
    pub mod measure;
    pub mod memory;
    pub mod parallel;
    pub mod pools;
    pub mod runtimes;
    pub mod steps;
    pub mod table;
    pub mod timers;
}

use support::measure::{measure, of_all_threads, of_the_others};
use support::{calls, echo, growth, memory, parallel, steps, timers};

#[global_allocator]
static COUNTS: memory::Counts = memory::Counts;

/// How often each workload runs in each column. A sample takes a few
/// milliseconds at most, and the samples differ a lot.
const ROUNDS: usize = 101;

type Part = (&'static str, fn());

const PARTS: [Part; 9] = [
    ("threads", || measure(&parallel::TABLE, ROUNDS, of_all_threads)),
    ("speedup", parallel::speedup),
    ("echo", || measure(&echo::TABLE, ROUNDS, of_the_others)),
    ("calls", calls::measure),
    ("steps", steps::measure),
    ("timers", timers::measure),
    ("memory", memory::measure),
    ("growth", growth::measure),
    ("ablation", || measure(&parallel::ABLATION, ROUNDS, of_all_threads)),
];

fn main() -> ExitCode {
    let words: Vec<_> = env::args().skip(1).collect();
    if words.iter().any(|word| word == "count" || word == "list") {
        return support::measure::main(&[parallel::TABLE, echo::TABLE]);
    }
    let wanted = |name: &str| {
        let mut names = words.iter().filter(|word| !word.starts_with("--"));
        names.clone().count() == 0 || names.any(|word| word == name)
    };
    for (name, part) in PARTS {
        if wanted(name) {
            part();
        }
    }
    ExitCode::SUCCESS
}
