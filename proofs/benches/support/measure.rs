//! Measures the tables of a benchmark.
//!
//! `cargo bench -p proofs --features benches --bench <name>` prints the
//! processor time of each column relative to that of the first; with
//! `BLESS=1` it records it in `proofs/benches/results/`. The runs of the
//! columns alternate in one process, so that what disturbs one disturbs all;
//! harnesses that measure one after the other compare moments.
//!
//! `… -- count <column> <workload> <operations>` runs one of them once, for
//! an instruction counter to watch, and `… -- list` names them: a line for
//! each table and its columns, and below it, indented, one for each workload.
#![allow(dead_code, reason = "each benchmark uses the clocks that it needs")]

use std::fmt::Write;
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, thread};

use listings::proof::check_recorded;

use super::table::{Run, Table};

/// How often each workload runs in each column.
pub const ROUNDS: usize = 51;

/// Does what the command line says.
pub fn main(tables: &[Table]) -> ExitCode {
    let words: Vec<String> =
        env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => tables.iter().for_each(|it| measure(it, ROUNDS, of_this_thread)),
        ["list"] => {
            for table in tables {
                println!("{} {}", table.name, table.columns.join(" "));
                for workload in table.workloads {
                    println!("  {} {}", workload.name, workload.title);
                }
            }
        }
        ["count", column, workload, operations] => {
            let run = tables.iter().find_map(|t| (t.find)(workload, column));
            let (Some(run), Ok(operations)) = (run, operations.parse()) else {
                eprintln!("{column} has no {workload} of {operations}");
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

/// Measures a table by `clock`, which says how long something has run so far.
pub fn measure(table: &Table, rounds: usize, clock: fn() -> Duration) {
    let mut text = format!("{:24}{:>9}", "", "aim");
    for column in table.columns {
        write!(text, "{column:>9}").expect("a string takes it");
    }
    for workload in table.workloads {
        eprintln!("{} ...", workload.title);
        let runs = table.columns.iter();
        let runs: Vec<_> =
            runs.map(|column| (table.find)(workload.name, column)).collect();
        let times = medians(&runs, workload.operations, rounds, clock);
        eprintln!("  {times:.0?} ns");
        write!(text, "\n{:24}{:>9.2}", workload.title, workload.aim)
            .expect("a string takes it");
        for time in &times {
            let cell = match (time, times[0]) {
                (Some(time), Some(first)) => format!("{:.2}", time / first),
                _ => "-".to_string(),
            };
            write!(text, "{cell:>9}").expect("a string takes it");
        }
    }
    let how = format!(
        "Processor time, {} = 1. Medians of {rounds} runs in turn. \
         The aim is for ours.",
        table.columns[0],
    );
    record(table.name, &text, &how, table.crates);
}

/// Prints a table, how it was measured, and with which versions of `crates`.
/// With `BLESS=1` records it.
pub fn record(name: &str, table: &str, how: &str, crates: &[&str]) {
    let text = format!("{table}\n\n{how}\n{}\n", conditions(crates));
    println!("{text}");
    if env::var_os("BLESS").is_some() {
        let file = format!("proofs/benches/results/{name}.txt");
        eprintln!("{file}: {}", check_recorded(&file, &text));
    }
}

/// The median processor time of one operation, in nanoseconds.
fn medians(
    runs: &[Option<Run>],
    operations: usize,
    rounds: usize,
    clock: fn() -> Duration,
) -> Vec<Option<f64>> {
    let mut samples = vec![Vec::new(); runs.len()];
    for round in 0..rounds {
        for turn in 0..runs.len() {
            // Each time another one goes first.
            let at = (round + turn) % runs.len();
            if let Some(run) = &runs[at] {
                let start = clock();
                run(operations);
                samples[at].push(clock() - start);
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
pub fn of_this_thread() -> Duration {
    #[cfg(unix)]
    return unix(rustix::time::ClockId::ThreadCPUTime);
    #[cfg(not(unix))]
    wall()
}

/// How long all threads of this program together have run so far.
pub fn of_all_threads() -> Duration {
    #[cfg(unix)]
    return unix(rustix::time::ClockId::ProcessCPUTime);
    #[cfg(not(unix))]
    wall()
}

/// How long all threads but this one have run so far.
pub fn of_the_others() -> Duration {
    of_all_threads().saturating_sub(of_this_thread())
}

/// What time it is.
pub fn wall() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

#[cfg(unix)]
fn unix(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// On what it was measured.
fn conditions(crates: &[&str]) -> String {
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let rustc = rustc.unwrap_or_default();
    let rustc = rustc.split(" (").next().unwrap_or_default().trim();
    let lock = include_str!("../../../Cargo.lock");
    let version = |name: &&str| {
        let entry = format!("name = \"{name}\"\nversion = \"");
        let after = lock.split(&entry).nth(1).unwrap_or_default();
        format!("{name} {}", after.split('"').next().unwrap_or_default())
    };
    let mut versions = vec![rustc.to_string()];
    versions.extend(crates.iter().map(version));
    let cores = thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{}\n{}, {}, {cores} cores",
        versions.join(", "),
        env::consts::ARCH,
        env::consts::OS,
    )
}
