//! `cargo ci`: every check of the book and its listings.

use std::process::ExitCode;

use anyhow::Result;
use ci::check::run::Run;
use ci::check::{STEPS, run_steps};
use ci::read::source::root;
use pico_args::Arguments;

const HELP: &str = "\
Runs every check, a line each with its time, and says what it skipped and how to
get it. With CI=true a skip is a failure.

cargo ci [--bless] [STEP…]
    --bless    Record outputs, messages, traces and counts instead of comparing
    STEP       Only these steps, and all of each: without a name, some look at
               less (`--list` says which)
cargo ci --list
               Say what each step proves
";

fn main() -> ExitCode {
    match run(Arguments::from_env()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Result<bool> {
    if arguments.contains(["-h", "--help"]) {
        print!("{HELP}");
        return Ok(true);
    }
    if arguments.contains("--list") {
        for step in STEPS {
            println!("{:<12} {}", step.name, step.proves);
        }
        return Ok(true);
    }
    let bless = arguments.contains("--bless");
    let rest = arguments.finish().into_iter();
    let steps: Vec<_> = rest.map(|step| step.to_string_lossy().into_owned()).collect();
    let strict = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let root = root()?;
    let named = !steps.is_empty();
    run_steps(&Run { root, bless, strict, named }, &steps)
}
