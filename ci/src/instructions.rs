//! How many instructions our executor needs for an operation: counted by
//! callgrind, compared with what is recorded.
//!
//! A workload runs at two sizes. The difference of the counts, divided by the
//! difference of the sizes, is what one more operation costs, without the
//! start of the program. Unlike a time it repeats, on any machine of the
//! same kind.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::listing::CRATE;
use crate::steps::Passed;

/// Where the counts are recorded, in the listings crate.
const RECORD: &str = "benches/instructions.txt";

/// The benchmark that knows the workloads.
const BENCH: &str = "executor";

/// The runtime whose counts are held. Those of the others are shown.
const HELD: &str = "ours";

/// The two sizes of a run.
const SIZES: [u64; 2] = [20_000, 40_000];

/// How far a count may be from the record, in percent. Builds of one compiler
/// differ by less, a forgotten `inline` by more.
const TOLERANCE: f64 = 3.0;

/// How wide a column and the titles are.
const COLUMN: usize = 9;
const TITLES: usize = 24;

/// Compares what our executor needs with the record; with `bless`, counts all
/// runtimes and rewrites it.
///
/// # Errors
/// When a count differs, with the workload and both numbers; when the
/// benchmark does not build or run; when there is no record.
pub fn check(root: &Path, bless: bool) -> Result<Passed> {
    let skip =
        |why: String| Ok(Passed { note: "skipped".into(), skipped: vec![why] });
    if Command::new("valgrind").arg("--version").output().is_err() {
        return skip(
            "valgrind is not installed: apt-get install valgrind".into(),
        );
    }
    let here = conditions()?;
    let file = root.join(CRATE).join(RECORD);
    let recorded = match bless {
        true => None,
        false => Some(Record::read(&fs::read_to_string(&file).with_context(
            || format!("{CRATE}/{RECORD}: record it with `cargo ci --bless`"),
        )?)),
    };
    if let Some(record) = &recorded
        && record.conditions != here
    {
        return skip(format!(
            "instructions are recorded on {}, this is {here}",
            record.conditions
        ));
    }
    let bench = build(root)?;
    let (runtimes, workloads) = list(&bench)?;
    let Some(record) = recorded else {
        let table = table(&bench, &runtimes, &workloads, &here)?;
        let written = match fs::read_to_string(&file) {
            Ok(old) if old == table => "unchanged",
            _ => "rewritten",
        };
        fs::write(&file, table).with_context(|| file.display().to_string())?;
        return Ok(Passed {
            note: format!("{RECORD} {written}"),
            ..Passed::default()
        });
    };
    let (mut wrong, mut most) = (Vec::new(), 0.0_f64);
    for (name, title) in &workloads {
        let measured = count(&bench, HELD, name)?
            .with_context(|| format!("{HELD} has no workload {name}"))?;
        match record.compare(title, measured) {
            Ok(percent) => most = most.max(percent.abs()),
            Err(why) => wrong.push(why),
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(Passed {
        note: format!(
            "{} workloads, at most {most:.1} % from the record",
            workloads.len()
        ),
        ..Passed::default()
    })
}

/// What was recorded: of each workload the count of each runtime.
#[derive(Debug, PartialEq)]
struct Record {
    counts: BTreeMap<String, f64>,
    conditions: String,
}

impl Record {
    fn read(text: &str) -> Record {
        let mut lines = text.lines();
        let heads = lines.next().unwrap_or_default();
        let column = heads
            .split_whitespace()
            .position(|runtime| runtime == HELD)
            .unwrap_or_default();
        let counts = lines
            .by_ref()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| {
                let (title, counts) = line.split_at_checked(TITLES)?;
                let count = counts.split_whitespace().nth(column)?;
                Some((title.trim().to_string(), count.parse().ok()?))
            })
            .collect();
        let conditions = lines.next_back().unwrap_or_default().to_string();
        Record { counts, conditions }
    }

    /// By how many percent `measured` is off.
    fn compare(&self, title: &str, measured: f64) -> Result<f64, String> {
        let Some(recorded) = self.counts.get(title) else {
            return Err(format!(
                "{CRATE}/{RECORD}: nothing is recorded for `{title}`; \
                 record it with `cargo ci --bless`"
            ));
        };
        let percent = (measured - recorded) / recorded * 100.0;
        // The record is rounded.
        let off = (measured - recorded).abs() - 0.5;
        if off > recorded * TOLERANCE / 100.0 {
            return Err(format!(
                "{CRATE}/{RECORD}: `{title}` took {recorded:.0} instructions \
                 and now takes {measured:.0} ({percent:+.1} %, more than \
                 {TOLERANCE} %); if that is meant: `cargo ci --bless`"
            ));
        }
        Ok(percent)
    }
}

/// The compiler and the machine, as far as the counts depend on them.
fn conditions() -> Result<String> {
    let rustc = Command::new("rustc").arg("--version").output()?;
    let version = String::from_utf8_lossy(&rustc.stdout).into_owned();
    let version = version.split_whitespace().nth(1).unwrap_or_default();
    let minor = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
    Ok(format!(
        "rustc {minor}, {}, {}",
        std::env::consts::ARCH,
        std::env::consts::OS
    ))
}

/// Builds the benchmark; returns where it is.
fn build(root: &Path) -> Result<PathBuf> {
    let built =
        Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
            .current_dir(root)
            .args(["bench", "--no-run", "--quiet", "--package", CRATE])
            .args(["--bench", BENCH])
            .arg("--message-format=json-render-diagnostics")
            .output()
            .context("cargo does not start")?;
    let messages = String::from_utf8_lossy(&built.stdout);
    let executable = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == BENCH)
        .find_map(|message| Some(message["executable"].as_str()?.to_string()));
    match executable {
        Some(path) if built.status.success() => Ok(path.into()),
        _ => bail!(
            "the benchmark `{BENCH}` does not build:\n{}",
            String::from_utf8_lossy(&built.stderr)
        ),
    }
}

/// The runtimes, and the name and title of each workload.
#[expect(clippy::type_complexity, reason = "two lists")]
fn list(bench: &Path) -> Result<(Vec<String>, Vec<(String, String)>)> {
    let listed = Command::new(bench).arg("list").output()?;
    let text = String::from_utf8(listed.stdout)?;
    let mut lines = text.lines();
    let runtimes = lines.next().unwrap_or_default().split_whitespace();
    let runtimes = runtimes.map(str::to_string).collect();
    let workloads = lines.filter_map(|line| line.split_once(' '));
    let workloads = workloads.map(|(n, t)| (n.to_string(), t.to_string()));
    Ok((runtimes, workloads.collect()))
}

/// Instructions for one operation; nothing where the runtime has no such
/// workload.
fn count(bench: &Path, runtime: &str, workload: &str) -> Result<Option<f64>> {
    let mut totals = [0_u64; 2];
    for (total, size) in totals.iter_mut().zip(SIZES) {
        let run = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(bench)
            .args(["count", runtime, workload, &size.to_string()])
            .output()?;
        let said = String::from_utf8_lossy(&run.stderr);
        if !run.status.success() {
            if said.contains(&format!("{runtime} has no {workload}")) {
                return Ok(None);
            }
            bail!("{workload} on {runtime} under valgrind:\n{said}");
        }
        *total = collected(&said).with_context(|| {
            format!("valgrind said no number of instructions:\n{said}")
        })?;
    }
    let [less, more] = totals;
    let operations = SIZES[1] - SIZES[0];
    Ok(Some(more.saturating_sub(less) as f64 / operations as f64))
}

/// The number in callgrind's line `Collected : 123`.
fn collected(said: &str) -> Option<u64> {
    let line = said.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(' ').next()?.parse().ok()
}

fn table(
    bench: &Path,
    runtimes: &[String],
    workloads: &[(String, String)],
    conditions: &str,
) -> Result<String> {
    let mut table = " ".repeat(TITLES);
    for runtime in runtimes {
        write!(table, "{runtime:>COLUMN$}")?;
    }
    for (name, title) in workloads {
        write!(table, "\n{title:TITLES$}")?;
        for runtime in runtimes {
            let cell = match count(bench, runtime, name)? {
                Some(count) => format!("{count:.0}"),
                None => "-".to_string(),
            };
            write!(table, "{cell:>COLUMN$}")?;
        }
    }
    Ok(format!("{table}\n\nInstructions for one operation.\n{conditions}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
                            tokio     ours    smol
spawn 1000, await all        1730     1161       -
1000 tasks yield              343      125     500

Instructions for one operation.
rustc 1.95, x86_64, linux
";

    #[test]
    fn a_record_is_read_back() {
        let record = Record::read(TEXT);
        assert_eq!(record.conditions, "rustc 1.95, x86_64, linux");
        assert_eq!(record.counts["spawn 1000, await all"], 1161.0);
        assert_eq!(record.counts["1000 tasks yield"], 125.0);
    }

    #[test]
    fn what_is_near_the_record_passes() {
        let record = Record::read(TEXT);
        for measured in [1126.2, 1161.0, 1195.8] {
            assert!(record.compare("spawn 1000, await all", measured).is_ok());
        }
    }

    #[test]
    fn what_is_far_from_it_is_named_with_both_numbers() {
        let record = Record::read(TEXT);
        for measured in [120.0, 130.0] {
            let why = record.compare("1000 tasks yield", measured).unwrap_err();
            assert!(why.contains("`1000 tasks yield` took 125 "), "{why}");
            assert!(why.contains(&format!("now takes {measured}")), "{why}");
        }
        let why = record.compare("something new", 1.0).unwrap_err();
        assert!(why.contains("nothing is recorded for `something new`"));
    }

    #[test]
    fn the_number_is_found_in_what_valgrind_says() {
        let said = "==7== \n==7== Events    : Ir\n==7== Collected : 250\n";
        assert_eq!(collected(said), Some(250));
        assert_eq!(collected("==7== Killed"), None);
    }
}
