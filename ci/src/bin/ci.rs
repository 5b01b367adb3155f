//! `cargo ci`: every check of the book and its listings.

use std::process::ExitCode;

use anyhow::Result;
use ci::check::run::Run;
use ci::check::{STEPS, run_steps};
use ci::read::source::root;
use clap::Parser;

/// Runs every check, a line each with its time, and says what it skipped and
/// how to get it. With CI=true a skip is a failure.
#[derive(Parser)]
#[command(bin_name = "cargo ci")]
struct Arguments {
    /// Only these steps (see --list).
    steps: Vec<String>,
    /// Record outputs, messages, traces and counts anew instead of comparing.
    #[arg(long)]
    bless: bool,
    /// Say what each step proves.
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool> {
    if arguments.list {
        for step in STEPS {
            println!("{:<12} {}", step.name, step.proves);
        }
        return Ok(true);
    }
    let strict = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let root = root()?;
    run_steps(&Run { root, bless: arguments.bless, strict }, &arguments.steps)
}
