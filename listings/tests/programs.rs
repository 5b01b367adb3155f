//! Every program in `examples/` must print exactly what is recorded in
//! `examples/outputs/`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use listings::proof::{Recorded, check_recorded};

/// Cargo builds the examples beside the folder this test runs from.
fn built(name: &str) -> PathBuf {
    let test = env::current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("target/debug/deps/test");
    profile
        .join("examples")
        .join(name)
        .with_extension(env::consts::EXE_EXTENSION)
}

fn run(mut command: Command, name: &str) -> Recorded {
    let output = match command.output() {
        Ok(output) => output,
        Err(why) => {
            return Recorded::Differs(format!(
                "{name}: {command:?} did not start: {why}; \
                 `cargo build --examples` first"
            ));
        }
    };
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        text += &format!("({})\n", output.status);
    }
    check_recorded(&format!("examples/outputs/{name}.txt"), &text)
}

#[test]
fn each_program_prints_what_is_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let manifest =
        fs::read_to_string(folder.with_file_name("Cargo.toml")).unwrap();
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.file_stem().and_then(|s| s.to_str()) else {
            continue;
        };
        // A program that needs a feature is named in the manifest, and run by
        // the tests of that feature.
        let gated = manifest.contains(&format!("name = \"{name}\""));
        let recorded = match path.extension().and_then(|e| e.to_str()) {
            Some("rs") if !gated => run(Command::new(built(name)), name),
            Some("js") => {
                let mut node = Command::new("node");
                node.arg(&path);
                if Command::new("node").arg("--version").output().is_err() {
                    println!("SKIP: {name}.js: no node on the PATH");
                    assert!(
                        env::var_os("CI").is_none_or(|v| v != "true"),
                        "{name}.js: CI must have node"
                    );
                    continue;
                }
                run(node, name)
            }
            _ => continue,
        };
        if let Recorded::Differs(why) = recorded {
            wrong.push(why);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
