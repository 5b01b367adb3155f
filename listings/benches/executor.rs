//! Six workloads on five runtimes.
//!
//! `cargo bench --bench executor` prints the processor time of each relative
//! to Tokio's; with `BLESS=1` it records it in `benches/results/`. The runs
//! of the runtimes alternate in one process, so that what disturbs one
//! disturbs all; harnesses that measure one after the other compare moments.
//!
//! `… -- count <runtime> <workload> <operations>` runs one of them once, for
//! an instruction counter to watch, and `… -- list` names them.

mod support;

use std::fmt::Write;
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, thread};

use listings::proof::check_recorded;
use support::workloads::{RUNTIMES, Run, WORKLOADS, find};

/// How often each workload runs on each runtime.
const ROUNDS: usize = 51;

fn main() -> ExitCode {
    let words: Vec<String> =
        env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => measure_all(),
        ["list"] => {
            println!("{}", RUNTIMES.join(" "));
            for workload in WORKLOADS {
                println!("{} {}", workload.name, workload.title);
            }
        }
        ["count", runtime, workload, operations] => {
            let run = find(workload, runtime);
            let (Some(run), Ok(operations)) = (run, operations.parse()) else {
                eprintln!("{runtime} has no {workload} of {operations}");
                return ExitCode::FAILURE;
            };
            run(operations);
        }
        _ => {
            eprintln!("nothing, `list`, or `count` and three words");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn measure_all() {
    let mut table = format!("{:24}{:>9}", "", "aim");
    for runtime in RUNTIMES {
        write!(table, "{runtime:>9}").expect("a string takes it");
    }
    for workload in WORKLOADS {
        eprintln!("{} ...", workload.title);
        let runs = RUNTIMES.map(|runtime| find(workload.name, runtime));
        let times = medians(&runs, workload.operations);
        write!(table, "\n{:24}{:>9.2}", workload.title, workload.aim)
            .expect("a string takes it");
        for time in &times {
            let cell = match (time, times[0]) {
                (Some(time), Some(first)) => format!("{:.2}", time / first),
                _ => "-".to_string(),
            };
            write!(table, "{cell:>9}").expect("a string takes it");
        }
    }
    let table = format!("{table}\n\n{}\n", conditions());
    print!("{table}");
    if env::var_os("BLESS").is_some() {
        let recorded = check_recorded("benches/results/executor.txt", &table);
        eprintln!("benches/results/executor.txt: {recorded}");
    }
}

/// The median processor time of one operation, in nanoseconds.
fn medians(runs: &[Option<Run>], operations: usize) -> Vec<Option<f64>> {
    let mut samples = vec![Vec::new(); runs.len()];
    for round in 0..ROUNDS {
        for turn in 0..runs.len() {
            // Each time another one goes first.
            let at = (round + turn) % runs.len();
            if let Some(run) = &runs[at] {
                let start = processor_time();
                run(operations);
                samples[at].push(processor_time() - start);
            }
        }
    }
    let median = |mut times: Vec<Duration>| {
        times.sort();
        let time = times.get(times.len() / 2)?;
        Some(time.as_secs_f64() * 1e9 / operations as f64)
    };
    samples.into_iter().map(median).collect()
}

/// How long this thread has run so far. What other programs do in between
/// does not count.
#[cfg(unix)]
fn processor_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(not(unix))]
fn processor_time() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

/// On what it was measured.
fn conditions() -> String {
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let rustc = rustc.unwrap_or_default();
    let rustc = rustc.split(" (").next().unwrap_or_default().trim();
    let lock = include_str!("../../Cargo.lock");
    let version = |name: &str| {
        let entry = format!("name = \"{name}\"\nversion = \"");
        let after = lock.split(&entry).nth(1).unwrap_or_default();
        format!("{name} {}", after.split('"').next().unwrap_or_default())
    };
    let cores = thread::available_parallelism().map_or(0, usize::from);
    format!(
        "Processor time, tokio = 1. Medians of {ROUNDS} runs in turn. \
         The aim is for ours.\n\
         {rustc}, {}, {}, {}\n{}, {}, {cores} cores",
        version("tokio"),
        version("futures"),
        version("smol"),
        env::consts::ARCH,
        env::consts::OS,
    )
}
