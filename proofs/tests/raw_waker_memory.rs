//! What valgrind says to each broken table of functions, and to a waker over
//! an `Rc` on two threads. It says nothing to those that keep the contract.

mod support;

use std::fmt::Write;
use std::process::Command;

use listings::proof::{check_recorded, skip};
use listings::wakers::raw_waker::broken::TABLES;
use support::Built;

const LEAKS: [&str; 3] = [
    "--leak-check=full",
    "--errors-for-leak-kinds=definite",
    "--show-leak-kinds=definite",
];

/// Runs an example under one of valgrind's tools, and returns the first thing
/// it complains about.
fn complaint(
    tool: &[&str],
    programs: &[Built],
    example: &str,
    argument: &str,
) -> Option<String> {
    let program = programs.iter().find(|program| program.name == example);
    let output = Command::new("valgrind")
        .args(["-q", "--error-exitcode=9"])
        .args(tool)
        .arg(&program.expect("it is an example").path)
        .arg(argument)
        .output()
        .expect("valgrind starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = said.lines().filter_map(|line| line.split_once("== "));
    let known = ["Invalid ", "definitely lost", "data race"];
    let mut lines = lines.map(|(_, text)| text);
    let first = lines.find(|line| known.iter().any(|k| line.contains(k)));
    match (output.status.code(), first) {
        (Some(0), None) => None,
        (Some(9), Some(line)) => {
            let end = [" in loss", " of size", " during"];
            let end = end.iter().filter_map(|end| line.find(end)).min();
            Some(line[..end.unwrap_or(line.len())].trim().to_string())
        }
        _ => panic!("{example} {argument}: {}\n{said}", output.status),
    }
}

#[test]
fn valgrind_sees_what_breaks_the_contract_and_nothing_else() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return skip("valgrind is not installed: apt-get install valgrind");
    }
    let names = ["raw_waker_memory", "raw_waker_threads"];
    let programs = support::programs("listings", &names);
    let mut table = String::new();
    let mut line = |tool: &str, rule: &str, found: Option<String>| {
        let found = found.unwrap_or("nothing".to_string());
        writeln!(table, "{tool:<9} {rule:<22} {found}").unwrap();
    };
    line("tool", "broken rule", Some("it says".to_string()));
    for (rule, _) in &TABLES {
        let found = complaint(&LEAKS, &programs, "raw_waker_memory", rule);
        line("memcheck", rule, found);
    }
    let helgrind = ["--tool=helgrind"];
    for (rule, argument) in [("none", "arc"), ("not for all threads", "rc")] {
        let found =
            complaint(&helgrind, &programs, "raw_waker_threads", argument);
        line("helgrind", rule, found);
    }
    check_recorded("proofs/tests/memory/raw_waker.txt", &table).unwrap();
}
