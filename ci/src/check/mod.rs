//! `cargo ci`: every check, a line each with its time, and what was skipped.

pub mod addresses;
pub mod boundary;
pub mod browser;
pub mod docs;
pub mod engines;
pub mod exercises;
pub mod format;
pub mod instructions;
pub mod lighthouse;
pub mod links;
pub mod lint;
pub mod memory;
pub mod offline;
pub mod pages;
pub mod previews;
pub mod rules;
pub mod run;
pub mod tests;

use std::fs;
use std::io::Write as _;
use std::time::Instant;

use anyhow::{Result, bail};

use run::{Passed, Run, logs};

/// A check: its name, what it proves, and how.
pub struct Step {
    /// As it is typed after `cargo ci`.
    pub name: &'static str,
    /// For `cargo ci --list`.
    pub proves: &'static str,
    run: fn(&Run) -> Result<Passed>,
}

/// Every step, in the order they run.
pub const STEPS: &[Step] = &[
    Step {
        name: "format",
        proves: "rustfmt has nothing to say",
        run: format::run,
    },
    Step {
        name: "lint",
        proves: "clippy finds nothing, in every feature",
        run: lint::run,
    },
    Step {
        name: "tests",
        proves: "the listings' tests pass; programs print, compilers say and runs trace what is recorded",
        run: tests::run,
    },
    Step {
        name: "exercises",
        proves: "every test of an exercise fails on its stub and passes on its solution",
        run: exercises::run,
    },
    Step {
        name: "docs",
        proves: "every link in the API docs resolves",
        run: docs::run,
    },
    Step {
        name: "rules",
        proves: "no inline Rust, no missing or unused file or anchor, no listing without a test or a page",
        run: rules::run,
    },
    Step {
        name: "pages",
        proves: "the book builds, every link and fragment in it resolves, no address is lost, every preview is whole, and plain mdBook builds it too",
        run: pages::run,
    },
    Step {
        name: "offline",
        proves: "the archive and the EPUB are whole: every file, id and link in them resolves",
        run: offline::run,
    },
    Step {
        name: "boundary",
        proves: "the window opens, draws and closes on software Vulkan, in winit 0.30 and 0.31",
        run: boundary::run,
    },
    Step {
        name: "memory",
        proves: "valgrind finds no error in unsafe listings",
        run: memory::run,
    },
    Step {
        name: "instructions",
        proves: "what we measure needs no more instructions than recorded",
        run: instructions::run,
    },
    Step {
        name: "browser",
        proves: "every page in Chromium: nothing broken, clipped, inaccessible or heavy, and nothing moves while it loads",
        run: browser::run,
    },
    Step {
        name: "engines",
        proves: "what engines do differently is right in Firefox and WebKit, on six pages: layout, links, copying, console and policy",
        run: engines::run,
    },
    Step {
        name: "lighthouse",
        proves: "every page has 100 for accessibility, best practices and SEO on a phone; the heaviest has 100 for speed",
        run: lighthouse::run,
    },
];

/// Runs the steps named (all when none is), prints a line for each and a
/// summary. Returns whether all is well.
///
/// # Errors
/// When a name is not a step's, or the log folder cannot be made.
pub fn run_steps(run: &Run, names: &[String]) -> Result<bool> {
    if let Some(unknown) =
        names.iter().find(|n| STEPS.iter().all(|s| s.name != **n))
    {
        let known: Vec<_> = STEPS.iter().map(|s| s.name).collect();
        bail!("there is no step `{unknown}`; there are {}", known.join(", "));
    }
    fs::create_dir_all(logs(&run.root))?;
    let start = Instant::now();
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), Vec::new());
    for step in STEPS {
        if !names.is_empty() && !names.iter().any(|n| n == step.name) {
            continue;
        }
        let clock = Instant::now();
        let result = (step.run)(run);
        let seconds = clock.elapsed().as_secs_f32();
        let line = |verdict: &str, note: &str| {
            println!("{verdict:<5} {:<12} {seconds:>6.1} s  {note}", step.name);
        };
        match result {
            Ok(found) if found.skipped.is_empty() => {
                line("ok", &found.note);
                passed += 1;
            }
            Ok(found) if run.strict => {
                line("FAIL", "CI=true allows no skip:");
                println!("{}", indented(&found.skipped.join("\n")));
                failed.push(step.name);
            }
            Ok(found) => {
                line(
                    if found.note == "skipped" { "SKIP" } else { "ok" },
                    &found.note,
                );
                println!("{}", indented(&found.skipped.join("\n")));
                skipped.push(step.name);
            }
            Err(why) => {
                line("FAIL", "");
                println!("{}", indented(&format!("{why:#}")));
                failed.push(step.name);
            }
        }
        // A log that is read while it grows should show the line.
        let _ = std::io::stdout().flush();
    }
    println!("\n{:.0} s in all", start.elapsed().as_secs_f32());
    if !failed.is_empty() {
        println!("failed: {}", failed.join(", "));
    }
    if !skipped.is_empty() {
        println!("not everything ran: {}", skipped.join(", "));
    }
    println!(
        "{passed} passed, {} failed, {} skipped",
        failed.len(),
        skipped.len()
    );
    Ok(failed.is_empty())
}

fn indented(text: &str) -> String {
    let lines: Vec<String> =
        text.trim_end().lines().map(|l| format!("      {l}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_step_is_named_with_those_there_are() {
        let asked = Run { root: "/none".into(), bless: false, strict: false };
        let why =
            run_steps(&asked, &["brwoser".into()]).unwrap_err().to_string();
        assert!(why.contains("no step `brwoser`"), "{why}");
        assert!(why.contains("browser"), "{why}");
    }
}
