//! Every program in an `examples/` prints exactly what is recorded in the
//! `outputs/` beside it, each time that it runs.

mod support;

use std::env;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use listings::proof::{Recorded, check_recorded, skip};
use support::{Built, end_of};

/// How often a program runs: what a scheduler decides may come out twice the
/// same, what differs between two runs is seen. What `cargo ci whole` runs as one
/// file has its second run there.
fn runs(package: &str, start: &Command) -> usize {
    let once = package == "listings" && start.get_program() != NODE;
    let recording = env::var_os("BLESS").is_some();
    if once && !recording { 1 } else { 2 }
}

/// What runs the programs in JavaScript.
const NODE: &str = "node";

/// What the runs of a program printed, and how they compare with the record.
fn compare(package: &str, name: &str, start: impl Fn() -> Command) -> Recorded {
    let times = 0..runs(package, &start());
    let runs: Vec<_> = times.map(|_| end_of(start())).collect();
    let mut texts = Vec::new();
    for run in runs {
        match run {
            Ok(text) => texts.push(text),
            Err(why) => return Recorded::Differs(format!("{name}: {why}")),
        }
    }
    if let Some(other) = texts.iter().find(|text| **text != texts[0]) {
        return Recorded::Differs(format!(
            "{name}: two runs differ, one printed:\n{}\nand one:\n{other}",
            texts[0]
        ));
    }
    check_recorded(&format!("{package}/examples/outputs/{name}.txt"), &texts[0])
}

#[test]
fn each_program_prints_what_is_recorded() {
    let mut programs = support::programs();
    let scripts = support::scripts();
    if Command::new(NODE).arg("--version").output().is_err() {
        skip("no node on the PATH: the programs in JavaScript do not run");
    } else {
        programs.extend(scripts);
    }
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let worker = || {
        while let Some(Built { package, name, path }) =
            programs.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let start = || match path.extension() {
                Some(script) if script == "js" => {
                    let mut node = Command::new(NODE);
                    node.arg(path);
                    node
                }
                _ => Command::new(path),
            };
            if let Recorded::Differs(why) = compare(package, name, start) {
                wrong.lock().expect("nobody panics with it").push(why);
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        (0..cores).for_each(|_| {
            scope.spawn(worker);
        });
    });
    let wrong = wrong.into_inner().expect("nobody panics with it");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_program_that_hangs_is_ended_and_named() {
    let Some(sleep) = Some("/bin/sleep").filter(|p| Path::new(p).exists())
    else {
        return;
    };
    let mut command = Command::new(sleep);
    command.arg("1000");
    let why =
        support::end_within(command, std::time::Duration::from_millis(50));
    let why = why.expect_err("it sleeps for longer");
    assert!(why.contains("did not end within"), "{why}");
}
