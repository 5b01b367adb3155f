//! `cargo book`: builds the book and serves it with live reload.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use ci::read::source::{Source, root};
use ci::write::build::{Options, build_book};
use pico_args::Arguments;

const HELP: &str = "\
Builds the book and serves it; a change to prose, a listing or the theme shows
in the browser.

cargo book [--port PORT] [--open]
    --port PORT           The port on localhost, else 3000; 0 takes any that is free
    --open                Open the first page in a browser
cargo book build [--destination FOLDER]
                          Write the book to `book/`, or to FOLDER, and end
";

fn main() -> ExitCode {
    match run(Arguments::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Result<()> {
    if arguments.contains(["-h", "--help"]) {
        print!("{HELP}");
        return Ok(());
    }
    let root = root()?;
    let command = arguments.subcommand()?;
    if command.is_none() {
        let port = arguments.opt_value_from_str("--port")?;
        let open = arguments.contains("--open");
        no_more(arguments)?;
        return ci::serve::serve(&root, port.unwrap_or(3000), open);
    }
    let destination: Option<PathBuf> = arguments.opt_value_from_str("--destination")?;
    ensure!(command.as_deref() == Some("build"), "{HELP}");
    no_more(arguments)?;
    if cfg!(not(feature = "publish")) {
        return build_with_all_that_is_published();
    }
    let start = Instant::now();
    let here = std::env::current_dir()?;
    let destination = destination.map(|folder| here.join(folder));
    let options = Options { destination, live_reload: false };
    let source = Source::load(&root)?;
    let (folder, pages) = build_book(&source, &options)?;
    #[cfg(feature = "publish")]
    if let Some(note) = ci::write::live::note(&source)? {
        println!("{note}");
    }
    let ms = start.elapsed().as_millis();
    println!("{pages} pages in {} ({ms} ms)", folder.display());
    Ok(())
}

fn no_more(arguments: Arguments) -> Result<()> {
    let rest = arguments.finish();
    ensure!(rest.is_empty(), "{rest:?} means nothing here\n\n{HELP}");
    Ok(())
}

/// Runs this command once more with what draws the cards and packs the files to
/// take along: to read and to edit the book nobody has to compile that.
fn build_with_all_that_is_published() -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let status = std::process::Command::new(cargo)
        .args(["run", "--package", "ci", "--bin", "book"])
        .args(["--features", "publish", "--"])
        .args(std::env::args_os().skip(1))
        .status()
        .context("cargo does not start")?;
    std::process::exit(status.code().unwrap_or(1));
}
