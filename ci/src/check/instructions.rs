//! How many instructions what we build needs for an operation: counted by
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
use rayon::prelude::*;

use super::run::{Passed, Run, messages, needed, skip};
use super::toolchain;
use crate::problem;
use crate::read::listing::PROOFS;

/// Where the counts are recorded, in the crate of the proofs: a file a table.
const RECORDS: &str = "benches/instructions";

/// The benchmarks that know the tables and their workloads.
const BENCHES: [&str; 2] = ["executor", "primitives"];

/// The column whose counts are held. Those of the others are shown.
const HELD: &str = "ours";

/// The two sizes of a run.
const SIZES: [u64; 2] = [20_000, 40_000];

/// How far a count may be from the record, in percent. Builds of one compiler
/// differ by less, a forgotten `inline` by more.
const TOLERANCE: f64 = 3.0;

/// How wide a column and the titles are.
const COLUMN: usize = 9;
const TITLES: usize = 24;

/// Compares what ours need with the record; with `bless`, counts all columns
/// and rewrites it.
///
/// # Errors
/// When a count differs, with the workload and both numbers; when a benchmark
/// does not build or run; when there is no record of a table.
pub fn run(run: &Run) -> Result<Passed> {
    needed(&["valgrind"], "valgrind")?;
    let here = conditions()?;
    let mut tables = Vec::new();
    for bench in build(run)? {
        tables.extend(list(&bench)?.into_iter().map(|table| (bench.clone(), table)));
    }
    let records = run.root.join(PROOFS).join(RECORDS);
    if run.bless { record(&records, &tables, &here) } else { compare(&records, &tables, &here) }
}

/// Counts all columns, and rewrites the records that say something else.
fn record(records: &Path, tables: &[(PathBuf, Table)], here: &str) -> Result<Passed> {
    let mut rewritten = Vec::new();
    for (bench, table) in tables {
        let file = records.join(&table.file);
        let text = table.counted(bench, here)?;
        if fs::read_to_string(&file).ok().as_ref() != Some(&text) {
            fs::write(&file, text).with_context(|| file.display().to_string())?;
            rewritten.push(&*table.file);
        }
    }
    match &rewritten[..] {
        [] => Passed::note("unchanged"),
        files => Passed::note(format!("{} rewritten", files.join(", "))),
    }
}

fn compare(records: &Path, tables: &[(PathBuf, Table)], here: &str) -> Result<Passed> {
    let (mut wrong, mut skipped, mut percents) = (Vec::new(), Vec::new(), Vec::new());
    for (bench, table) in tables {
        let file = &table.file;
        let text = fs::read_to_string(records.join(file))
            .with_context(|| format!("{PROOFS}/{RECORDS}/{file}: record it with `cargo ci --bless`"))?;
        let record = Record::read(&text);
        if record.conditions != here {
            skipped.push(format!("{file} was recorded on {}, this is {here}", record.conditions));
            continue;
        }
        // A count is the same on a core that others use too.
        let counts = table.workloads.par_iter().map(|(name, _)| count(bench, HELD, name));
        let counts = counts.collect::<Result<Vec<Option<f64>>>>()?;
        for ((name, title), measured) in table.workloads.iter().zip(counts) {
            let measured = measured.with_context(|| format!("{HELD} has no {name}"))?;
            match record.compare(title, measured) {
                Ok(percent) => percents.push(percent.abs()),
                Err(why) => wrong.push(format!("{PROOFS}/{RECORDS}/{file}: {why}")),
            }
        }
    }
    problem::none_of(&wrong)?;
    if !skipped.is_empty() {
        return skip(skipped.join("\n"));
    }
    let most = percents.iter().copied().fold(0.0, f64::max);
    Passed::note(format!("{} workloads, at most {most:.1} % from the record", percents.len()))
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
        let column = heads.split_whitespace().position(|runtime| runtime == HELD).unwrap_or_default();
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
            return Err(format!("nothing is recorded for `{title}`; record it with `cargo ci --bless`"));
        };
        let percent = (measured - recorded) / recorded * 100.0;
        // The record is rounded.
        let off = (measured - recorded).abs() - 0.5;
        if off > recorded * TOLERANCE / 100.0 {
            return Err(format!(
                "`{title}` took {recorded:.0} instructions and now takes {measured:.0} ({percent:+.1} %, more than \
                 {TOLERANCE} %); if that is meant: `cargo ci --bless`"
            ));
        }
        Ok(percent)
    }
}

/// The compiler and the machine, as far as the counts depend on them.
fn conditions() -> Result<String> {
    let version = toolchain::compiler()?;
    let minor = version.rsplit_once('.').map_or(&*version, |it| it.0);
    Ok(format!("rustc {minor}, {}, {}", std::env::consts::ARCH, std::env::consts::OS))
}

/// Builds the benchmarks; returns where they are.
fn build(run: &Run) -> Result<Vec<PathBuf>> {
    let mut bench = run.cargo();
    bench.args(["bench", "--no-run", "--quiet", "--package", PROOFS, "--features", "benches"]);
    bench.args(BENCHES.iter().flat_map(|bench| ["--bench", bench]));
    let log = run.said("instructions-build", bench.arg("--message-format=json-render-diagnostics"))?;
    let messages = Vec::from_iter(messages(&log));
    let executable = |bench: &&str| {
        let of_it = messages.iter().filter(|it| it["target"]["name"] == *bench);
        let mut files = of_it.filter_map(|it| it["executable"].as_str());
        files.next().context(format!("cargo built no benchmark {bench}"))
    };
    BENCHES.iter().map(|it| executable(it).map(PathBuf::from)).collect()
}

/// A table of a benchmark.
#[derive(Debug, PartialEq)]
struct Table {
    /// Where it is recorded.
    file: String,
    columns: Vec<String>,
    /// The name and the title of each.
    workloads: Vec<(String, String)>,
}

fn list(bench: &Path) -> Result<Vec<Table>> {
    let listed = Command::new(bench).arg("list").output()?;
    Ok(listed_tables(&String::from_utf8(listed.stdout)?))
}

/// A table is a line of its name and columns. Below it, indented, come the
/// workloads.
fn listed_tables(text: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for line in text.lines() {
        let (name, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        match tables.last_mut() {
            Some(table) if line.starts_with(' ') => table.workloads.push((name.to_string(), rest.to_string())),
            _ => {
                let columns = rest.split(' ').map(str::to_string).collect();
                tables.push(Table { file: format!("{name}.txt"), columns, workloads: Vec::new() });
            }
        }
    }
    tables
}

/// Instructions for one operation; nothing where the column has no such
/// workload.
fn count(bench: &Path, column: &str, workload: &str) -> Result<Option<f64>> {
    let mut totals = [0_u64; 2];
    for (total, size) in totals.iter_mut().zip(SIZES) {
        let run = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(bench)
            .args(["count", column, workload, &size.to_string()])
            .output()?;
        let said = String::from_utf8_lossy(&run.stderr);
        if !run.status.success() {
            if said.contains(&format!("{column} has no {workload}")) {
                return Ok(None);
            }
            bail!("{workload} of {column} under valgrind:\n{said}");
        }
        *total = collected(&said).with_context(|| format!("valgrind said no number of instructions:\n{said}"))?;
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

impl Table {
    /// What is recorded of it.
    fn counted(&self, bench: &Path, conditions: &str) -> Result<String> {
        let mut text = " ".repeat(TITLES);
        for column in &self.columns {
            write!(text, "{column:>COLUMN$}")?;
        }
        for (name, title) in &self.workloads {
            write!(text, "\n{title:TITLES$}")?;
            for column in &self.columns {
                let cell = match count(bench, column, name)? {
                    Some(count) => format!("{count:.0}"),
                    None => "-".to_string(),
                };
                write!(text, "{cell:>COLUMN$}")?;
            }
        }
        Ok(format!("{text}\n\nInstructions for one operation.\n{conditions}\n"))
    }
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
    fn the_tables_of_a_benchmark_are_read() {
        let text = "mutex tokio ours\n  free nobody waits\n  held one waits\n\
                    oneshot tokio ours\n  first first\n";
        let words = |words: &[&str]| words.iter().map(|w| w.to_string()).collect();
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        let [mutex, oneshot] = &listed_tables(text)[..] else {
            panic!("two tables");
        };
        let expected = Table {
            file: "mutex.txt".into(),
            columns: words(&["tokio", "ours"]),
            workloads: vec![pair("free", "nobody waits"), pair("held", "one waits")],
        };
        assert_eq!(mutex, &expected);
        assert_eq!(oneshot.workloads, [pair("first", "first")]);
    }

    #[test]
    fn the_number_is_found_in_what_valgrind_says() {
        let said = "==7== \n==7== Events    : Ir\n==7== Collected : 250\n";
        assert_eq!(collected(said), Some(250));
        assert_eq!(collected("==7== Killed"), None);
    }
}
