//! `cargo book`: builds the book and serves it with live reload.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use ci::read::source::{Source, root};
use ci::write::build::{Options, build_book};
use clap::{Parser, Subcommand};

/// Builds the book and serves it; a change to prose, a listing or the theme
/// shows in the browser.
#[derive(Parser)]
#[command(bin_name = "cargo book")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The port on localhost; 0 takes any that is free.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Open the first page in a browser.
    #[arg(long)]
    open: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Write the book to `book/` and end.
    Build {
        /// Another folder to write to.
        #[arg(long)]
        destination: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let root = root()?;
    let Some(Command::Build { destination }) = arguments.command else {
        return ci::serve::serve(&root, arguments.port, arguments.open);
    };
    if cfg!(not(feature = "publish")) {
        return build_with_all_that_is_published();
    }
    let start = Instant::now();
    let destination = match destination {
        Some(folder) => Some(std::env::current_dir()?.join(folder)),
        None => None,
    };
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
