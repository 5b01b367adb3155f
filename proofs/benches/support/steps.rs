//! What a yield, a turn in a ring and a task cost with two workers, counted by
//! valgrind.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::{env, io};

use super::measure::record;

/// Their names in the table of two workers.
const WORKLOADS: [&str; 3] = ["yield", "ring", "spawn"];
/// Two sizes: their difference has no start and no end of a program in it.
const OPERATIONS: [usize; 2] = [20_000, 220_000];
const COLUMNS: [&str; 2] = ["tokio", "ours"];

/// Counts, and prints what one operation costs.
pub fn measure() {
    match table() {
        Ok(text) => {
            let how = "For one yield, one turn in the ring or one task of \
                       1000, on two workers. An\natomic step is an \
                       instruction that locks a place in memory. Counted by\n\
                       valgrind, which runs a thread at a time.";
            record("steps", &text, how, &["tokio"]);
        }
        Err(why) => eprintln!("no valgrind or no objdump: {why}"),
    }
}

fn table() -> io::Result<String> {
    let exe = env::current_exe()?;
    let locks = locks(&exe)?;
    let mut text = format!("{:24}", "");
    for column in COLUMNS {
        text += &format!("{column:>9}");
    }
    for workload in WORKLOADS {
        let costs = COLUMNS.map(|column| cost(&exe, column, workload, &locks));
        for (at, what) in ["atomic steps", "instructions"].iter().enumerate() {
            text += &format!("\n{:24}", format!("{workload}, {what}"));
            for cost in &costs {
                let cost = cost.as_ref().map_err(|why| why.kind())?;
                text += &format!("{:>9.0}", cost[at]);
            }
        }
    }
    Ok(text)
}

/// The atomic steps and the instructions of one operation.
fn cost(
    exe: &Path,
    column: &str,
    workload: &str,
    locks: &HashSet<u64>,
) -> io::Result<[f64; 2]> {
    let run = |operations| count(exe, column, workload, operations, locks);
    let [few, many] = [run(OPERATIONS[0])?, run(OPERATIONS[1])?];
    let more = (OPERATIONS[1] - OPERATIONS[0]) as f64;
    Ok([0, 1].map(|at| (many[at] - few[at]) as f64 / more))
}

/// Where in this program the instructions are that lock a place in memory:
/// those that say so, and each `xchg` with memory, which always does.
fn locks(exe: &Path) -> io::Result<HashSet<u64>> {
    let mut objdump = Command::new("objdump");
    let listed =
        objdump.args(["-d", "--no-show-raw-insn"]).arg(exe).output()?;
    let text = String::from_utf8_lossy(&listed.stdout);
    let place = |line: &str| {
        let (place, what) = line.trim().split_once(":\t")?;
        let swaps = what.starts_with("xchg") && what.contains('(');
        let locks = swaps || what.starts_with("lock ");
        locks.then(|| u64::from_str_radix(place, 16).ok())?
    };
    Ok(text.lines().filter_map(place).collect())
}

/// How often such instructions ran, and how many ran in all.
fn count(
    exe: &Path,
    column: &str,
    workload: &str,
    operations: usize,
    locks: &HashSet<u64>,
) -> io::Result<[u64; 2]> {
    let name = format!("steps-{column}-{workload}-{operations}");
    let out = env::temp_dir().join(name);
    Command::new("valgrind")
        .args(["--tool=callgrind", "--dump-instr=yes", "--compress-pos=no"])
        .arg("--compress-strings=no")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(exe)
        .args(["count", column, workload, &operations.to_string()])
        .output()?;
    let text = fs::read_to_string(&out)?;
    let (mut here, mut called) = (false, false);
    let mut counts = [0, 0];
    for line in text.lines() {
        if let Some(object) = line.strip_prefix("ob=") {
            here = Path::new(object) == exe;
        }
        let mut words = line.split(' ');
        let place = words.next().and_then(|word| word.strip_prefix("0x"));
        let Some(place) = place else {
            // The line after this one is the cost of what was called.
            called = line.starts_with("calls=");
            continue;
        };
        let place = u64::from_str_radix(place, 16);
        let ran: u64 = words.nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
        if called {
            called = false;
            continue;
        }
        counts[1] += ran;
        if here && place.is_ok_and(|place| locks.contains(&place)) {
            counts[0] += ran;
        }
    }
    Ok(counts)
}
