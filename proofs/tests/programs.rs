//! Every program in an `examples/` prints exactly what is recorded in the
//! `outputs/` beside it, each time that it runs.

mod support;

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use listings::proof::{Recorded, check_recorded, skip};
use support::{Built, end_of};

/// What two runs of a program printed, and how they compare with the record: what
/// a scheduler decides may come out once as it is recorded.
fn compare(package: &str, name: &str, start: impl Fn() -> Command) -> Recorded {
    let mut texts = Vec::new();
    for run in [end_of(start()), end_of(start())] {
        match run {
            Ok(text) => texts.push(text),
            Err(why) => return Recorded::Differs(format!("{name}: {why}")),
        }
    }
    if texts[0] != texts[1] {
        return Recorded::Differs(format!(
            "{name}: two runs differ, one printed:\n{}\nand one:\n{}",
            texts[0], texts[1]
        ));
    }
    check_recorded(&format!("{package}/examples/outputs/{name}.txt"), &texts[0])
}

/// Compares all of them, as many at once as there are cores.
fn compare_all(programs: &[Built], start: impl Fn(&Path) -> Command + Sync) {
    assert!(!programs.is_empty(), "there are programs");
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let worker = || {
        while let Some(Built { package, name, path }) =
            programs.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let compared = compare(package, name, || start(path));
            if let Recorded::Differs(why) = compared {
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

/// `cargo ci` without a name leaves this out, because `cargo ci whole` compiles
/// and runs each of these programs as one file.
#[test]
fn each_example_prints_what_is_recorded() {
    compare_all(&support::programs("listings", &[]), |path| Command::new(path));
}

#[test]
fn each_program_of_the_proofs_prints_what_is_recorded() {
    compare_all(&support::programs("proofs", &[]), |path| Command::new(path));
}

#[test]
fn each_program_in_javascript_prints_what_is_recorded() {
    if Command::new("node").arg("--version").output().is_err() {
        skip("no node on the PATH: the programs in JavaScript do not run");
        return;
    }
    compare_all(&support::scripts(), |path| {
        let mut node = Command::new("node");
        node.arg(path);
        node
    });
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
