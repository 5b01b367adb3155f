//! What the benchmarks are made of does what it should.

// The copies of our executors name what they use by these paths.
use listings::{runtimes, wakers};

// What only measures is not used here.
#[allow(dead_code)]
#[path = "../benches/support"]
mod support {
    pub mod ablation;
    pub mod channels;
    pub mod echo;
    pub mod locks;
    pub mod measure;
    pub mod messages;
    pub mod parallel;
    pub mod pools;
    pub mod queues;
    pub mod runners;
    pub mod runtimes;
    pub mod table;
    pub mod waker;
    pub mod workloads;
}

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use listings::proof::watchdog;
use support::table::Table;
use support::{echo, parallel};
use support::{locks, messages, queues, runners, workloads};

/// The cells that are empty: a library has nothing of the kind.
const EMPTY: [(&str, &str); 12] = [
    ("naive", "ping-pong"),
    ("naive", "channel"),
    ("futures", "told"),
    ("smol", "told"),
    ("flume", "told"),
    ("futures", "permit"),
    ("std", "held"),
    ("std", "line"),
    ("std", "gives-up"),
    ("std", "permit"),
    ("inbox", "place"),
    ("inbox", "waker"),
];

fn tables() -> [Table; 6] {
    let [runners, oneshot, channel, locks] =
        [runners::TABLE, messages::ONESHOT, messages::CHANNEL, locks::TABLE];
    [workloads::TABLE, queues::TABLE, runners, oneshot, channel, locks]
}

#[test]
fn every_workload_fits_the_tables_and_has_whole_rounds() {
    for workload in tables().iter().flat_map(|table| table.workloads) {
        assert!(workload.title.len() <= 24, "{}", workload.title);
        assert_eq!(workload.operations % 1000, 0, "{}", workload.name);
        assert!(workload.aim <= 1.0, "{}", workload.name);
    }
}

#[test]
fn no_two_workloads_of_a_benchmark_have_one_name() {
    let [executor, queues, primitives @ ..] = tables();
    for tables in [&[executor, queues][..], &primitives] {
        let names = tables.iter().flat_map(|table| table.workloads);
        let names: Vec<_> = names.map(|workload| workload.name).collect();
        let different: HashSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "{names:?}");
    }
}

#[test]
fn every_workload_ends_in_every_column_that_has_it() {
    for table in tables() {
        for workload in table.workloads {
            for column in table.columns {
                let find = table.find;
                let work = move || match find(workload.name, column) {
                    Some(run) => {
                        (0..2).for_each(|_| run(2000));
                        true
                    }
                    None => false,
                };
                let ran = watchdog(Duration::from_secs(60), work);
                let cell = (*column, workload.name);
                assert_eq!(ran, Ok(!EMPTY.contains(&cell)), "{cell:?}");
            }
        }
    }
}

#[test]
fn every_table_is_recorded_with_its_workloads_and_columns_and_versions() {
    let lock = include_str!("../../Cargo.lock");
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    for table in tables() {
        for folder in ["results", "instructions"] {
            let file = here.join(folder).join(format!("{}.txt", table.name));
            let text = fs::read_to_string(&file)
                .unwrap_or_else(|why| panic!("{}: {why}", file.display()));
            let mut lines = text.lines();
            let heads = lines.next().unwrap_or_default();
            let heads = heads.trim_start().trim_start_matches("aim");
            let heads: Vec<_> = heads.split_whitespace().collect();
            assert_eq!(heads, table.columns, "{}", file.display());
            for workload in table.workloads {
                let line = lines.next().unwrap_or_default();
                let begins = line.starts_with(workload.title);
                assert!(begins, "{}: {line}", file.display());
            }
        }
        for name in table.crates {
            let entry = format!("name = \"{name}\"\n");
            assert!(lock.contains(&entry), "{name}");
        }
    }
}

/// The tables that are timed and not counted.
const TIMED: [Table; 3] = [parallel::TABLE, parallel::ABLATION, echo::TABLE];

#[test]
fn every_workload_of_several_threads_ends_in_every_column() {
    for table in TIMED {
        for workload in table.workloads {
            for column in table.columns {
                let run = (table.find)(workload.name, column);
                let cell = (*column, workload.name);
                let Some(run) = run else {
                    // Only Linux has it.
                    assert_eq!(*column, "epoll", "{cell:?}");
                    assert_ne!(std::env::consts::OS, "linux", "{cell:?}");
                    continue;
                };
                drop(run);
                let find = table.find;
                let work = move || {
                    let run = find(workload.name, column);
                    run.into_iter().for_each(|run| {
                        run(workload.operations.min(1000));
                    });
                };
                let ran = watchdog(Duration::from_secs(60), work);
                assert_eq!(ran, Ok(()), "{cell:?}");
            }
        }
    }
}

/// What is recorded in a file: the heads of the columns, and of each row the
/// title and the numbers.
fn recorded(name: &str) -> (Vec<String>, Vec<(String, Vec<f64>)>) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/results");
    let file = here.join(format!("{name}.txt"));
    let text = fs::read_to_string(&file)
        .unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    let mut lines = text.lines();
    let heads = lines.next().unwrap_or_default().split_whitespace();
    let heads: Vec<_> = heads.map(str::to_string).collect();
    let rows = lines.by_ref().take_while(|line| !line.is_empty());
    let rows = rows.map(|line| {
        let (title, cells) = line.split_at(24);
        let cells = cells.split_whitespace();
        let cells = cells.filter(|cell| *cell != "-");
        let number = |cell: &str| cell.parse().expect("a number");
        (title.trim().to_string(), cells.map(number).collect())
    });
    let rows = rows.collect();
    let conditions = lines.next_back().unwrap_or_default();
    assert!(conditions.ends_with("cores"), "{name}: {conditions}");
    (heads, rows)
}

#[test]
fn every_table_of_several_threads_is_recorded_with_its_workloads() {
    for table in TIMED {
        let (heads, rows) = recorded(table.name);
        assert_eq!(heads[0], "aim", "{}", table.name);
        assert_eq!(heads[1..], *table.columns, "{}", table.name);
        let titles: Vec<_> = rows.iter().map(|(title, _)| title).collect();
        let expected: Vec<_> =
            table.workloads.iter().map(|it| it.title).collect();
        assert_eq!(titles, expected, "{}", table.name);
    }
}

#[test]
fn speedup_calls_timers_memory_and_growth_are_recorded() {
    let files = [
        ("speedup", &["tasks of 100 us"][..]),
        (
            "timers",
            &[
                "processor time",
                "- to set and drop them",
                "- to wait for the others",
                "sleeps of a thread",
                "mean lateness, ms",
            ],
        ),
        (
            "steps",
            &[
                "yield, atomic steps",
                "yield, instructions",
                "ring, atomic steps",
                "ring, instructions",
                "spawn, atomic steps",
                "spawn, instructions",
            ],
        ),
        ("calls", &["to read and write", "waits", "calls for each wait"]),
        ("memory", &["one thread", "two workers"]),
        (
            "growth",
            &["1000 tasks", "10000 tasks", "100000 tasks", "1000000 tasks"],
        ),
    ];
    for (name, titles) in files {
        let (heads, rows) = recorded(name);
        let rows: Vec<_> = rows.into_iter().map(|(title, _)| title).collect();
        assert_eq!(rows, titles, "{name}");
        assert!(heads.iter().any(|head| head == "ours"), "{name}");
    }
}

/// What the page says of the crate `polling`.
#[test]
fn one_wait_is_five_calls_with_polling_and_one_without() {
    let (heads, rows) = recorded("calls");
    assert_eq!(heads, ["epoll", "ours", "tokio"]);
    let of_a_wait = &rows[2].1;
    let whole: Vec<_> = of_a_wait.iter().map(|calls| calls.round()).collect();
    assert_eq!(whole[..3], [1.0, 5.0, 1.0], "{of_a_wait:?}");
}

/// What the page says of three rows of the table of two workers.
#[test]
fn each_has_more_atomic_steps_than_tokios_and_fewer_instructions() {
    let (heads, rows) = recorded("steps");
    assert_eq!(heads, ["tokio", "ours"]);
    for pair in rows.chunks_exact(2) {
        let [(title, steps), (_, instructions)] = pair else { continue };
        assert!(steps[1] > steps[0], "{title} {steps:?}");
        assert!(instructions[1] < instructions[0], "{title} {instructions:?}");
    }
}

/// What the page adds up.
#[test]
fn a_yield_has_nine_atomic_steps() {
    let (_, rows) = recorded("steps");
    let (title, steps) = &rows[0];
    assert_eq!(title, "yield, atomic steps");
    assert_eq!(steps[1], f64::from(4 + 2 + 3));
}

/// What the page adds up.
#[test]
fn a_turn_in_the_ring_has_fourteen_atomic_steps() {
    let (_, rows) = recorded("steps");
    let (title, steps) = &rows[2];
    assert_eq!(title, "ring, atomic steps");
    let [the_ring, the_waker, the_wake, the_poll, the_queue] = [6, 1, 1, 5, 1];
    let all = the_ring + the_waker + the_wake + the_poll + the_queue;
    assert_eq!(steps[1], f64::from(all));
}

#[test]
fn the_geometric_mean_of_the_six_workloads_is_as_the_page_says() {
    let (heads, rows) = recorded("executor");
    let mean = |column: &str| {
        let at = heads.iter().position(|head| head == column);
        let at = at.expect("there is a column");
        let logs = rows.iter().map(|(_, cells)| cells[at].ln());
        (logs.sum::<f64>() / rows.len() as f64).exp()
    };
    let page = include_str!("../../src/runtimes/benchmarks.md");
    let said = format!(
        "of the column `ours` is {:.2}, and the mean of the \
         column `aim` is {:.2}",
        mean("ours"),
        mean("aim"),
    );
    assert!(page.contains(&said), "{said}");
}
