//! How often an echo server calls the system, counted by strace.

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

use super::measure::record;

/// Its row in the table of the processor times.
const WORKLOAD: &str = "echo-64";
/// Two sizes: their difference has no start and no end of a program in it.
const ECHOES: [usize; 2] = [6_400, 64_000];
const COLUMNS: [&str; 3] = ["epoll", "ours", "tokio"];

/// Counts, and prints what an echo costs.
pub fn measure() {
    let mut text = format!("{:24}", "");
    let mut rows = [
        ("to read and write", String::new()),
        ("waits", String::new()),
        ("calls for each wait", String::new()),
    ];
    for column in COLUMNS {
        let Some([few, many]) = both(column) else {
            return eprintln!("no strace: calls are not counted");
        };
        let more = |name: &str| {
            let of = |calls: &Calls| calls.get(name).copied().unwrap_or(0.0);
            of(&many) - of(&few)
        };
        let all: f64 = many.keys().map(|name| more(name)).sum();
        let moved = more("sendto") + more("recvfrom");
        let waits = more("epoll_wait") + more("epoll_pwait");
        let echoes = (ECHOES[1] - ECHOES[0]) as f64;
        text += &format!("{column:>9}");
        let cells = [moved / echoes, waits / echoes, (all - moved) / waits];
        for ((_, row), cell) in rows.iter_mut().zip(cells) {
            *row += &format!("{cell:>9.2}");
        }
    }
    for (title, row) in rows {
        text += &format!("\n{title:24}{row}");
    }
    let how = "Calls of the system for an echo, those of the client too: it \
               reads and writes\nas often as the server. 64 connections. \
               Counted once, by strace.";
    record("calls", &text, how, &["tokio"]);
}

type Calls = BTreeMap<String, f64>;

fn both(column: &str) -> Option<[Calls; 2]> {
    let [few, many] = ECHOES.map(|echoes| count(column, echoes));
    Some([few?, many?])
}

/// Runs this program under strace, which counts the calls by their names.
fn count(column: &str, echoes: usize) -> Option<Calls> {
    let strace = Command::new("strace")
        .args(["-f", "-c", "-U", "calls,name"])
        .arg(env::current_exe().ok()?)
        .args(["count", column, WORKLOAD, &echoes.to_string()])
        .output()
        .ok()?;
    let table = String::from_utf8_lossy(&strace.stderr).into_owned();
    let call = |line: &str| {
        let (calls, name) = line.trim().split_once(' ')?;
        Some((name.trim().to_string(), calls.parse().ok()?))
    };
    let calls = table.lines().filter_map(call);
    Some(calls.filter(|(name, _)| name != "total").collect())
}
