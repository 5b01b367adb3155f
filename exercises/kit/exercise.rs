//! `cargo exercise NAME`: copies the stub of an exercise to `mine/`, where you
//! write, and tests it.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs, io};

const HELP: &str = "\
cargo exercise                  lists the exercises
cargo exercise NAME             copies the stub of NAME to exercises/mine/ if it
                                is not there yet, and tests what you wrote
cargo exercise NAME --solution  tests one way to write it

To begin anew, remove your file.";

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        [] => list(root),
        ["--help" | "-h"] => {
            println!("{HELP}");
            Ok(true)
        }
        [name] => start(root, name).and_then(|()| test(name, &[])),
        [name, "--solution"] | ["--solution", name] => known(root, name)
            .and_then(|()| test(name, &["--features", "solutions"])),
        _ => Err(io::Error::other(HELP)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// The names of all exercises.
fn names(root: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join("src"))? {
        let path = entry?.path();
        if let Some(name) = path.file_stem() {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn known(root: &Path, name: &str) -> io::Result<()> {
    let names = names(root)?;
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    let names = names.join(", ");
    Err(io::Error::other(format!("no exercise `{name}`: there are {names}")))
}

fn list(root: &Path) -> io::Result<bool> {
    for name in names(root)? {
        let stub = fs::read_to_string(root.join(format!("src/{name}.rs")))?;
        let about = stub.lines().map_while(|line| line.strip_prefix("//! "));
        let what = about.collect::<Vec<_>>().join(" ");
        let what = what.trim_start_matches("Exercise to ");
        let begun = root.join(format!("mine/{name}.rs")).is_file();
        let mark = if begun { "begun" } else { "" };
        println!("{name:<16} {mark:<6} {what}");
    }
    println!("\n{HELP}");
    Ok(true)
}

fn start(root: &Path, name: &str) -> io::Result<()> {
    known(root, name)?;
    let mine = root.join(format!("mine/{name}.rs"));
    if mine.is_file() {
        return Ok(());
    }
    fs::create_dir_all(root.join("mine"))?;
    fs::copy(root.join(format!("src/{name}.rs")), &mine)?;
    println!("This file is yours to write in: exercises/mine/{name}.rs\n");
    Ok(())
}

fn test(name: &str, more: &[&str]) -> io::Result<bool> {
    let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
    let mut test = Command::new(cargo);
    test.args(["test", "--quiet", "--package", "exercises", "--test", name]);
    // Where in the tests it panicked is of no help.
    test.env("RUST_BACKTRACE", "0");
    Ok(test.args(more).status()?.success())
}
