//! What the benchmarks are made of does what it should.

#[path = "../benches/support"]
mod support {
    pub mod channels;
    pub mod locks;
    pub mod messages;
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
