//! Every program of the chapter prints what is recorded, or one line that
//! says why it cannot run here.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Output};

use listings::proof::{check_recorded, skip};

const PROGRAMS: [&str; 5] = [
    "proxy_blocked",
    "proxy_spawned",
    "proxy_first_poll",
    "proxy_no_wake",
    "proxy_wake",
];

/// Cargo builds the examples beside the folder this test runs from.
fn command(name: &str) -> Command {
    let test = env::current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("target/debug/deps/test");
    let path: PathBuf = profile
        .join("examples")
        .join(name)
        .with_extension(env::consts::EXE_EXTENSION);
    Command::new(path)
}

fn run(mut command: Command) -> Output {
    command.output().unwrap_or_else(|why| {
        panic!("{command:?} did not start: {why}; `cargo build --examples`")
    })
}

#[test]
fn each_program_prints_what_is_recorded() {
    for name in PROGRAMS {
        let output = run(command(name));
        let stderr = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            assert!(!stderr.contains("panicked"), "{name}: {stderr}");
            skip(format!("{name}: {stderr}"));
            continue;
        }
        let stdout = String::from_utf8_lossy(&output.stdout);
        let record = format!("examples/outputs/{name}.txt");
        check_recorded(&record, &stdout).unwrap();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_display_a_program_says_so_in_one_line() {
    let mut command = command("proxy_triangle");
    for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(display);
    }
    let output = run(command);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("no window can be opened here"), "{stderr}");
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_driver_a_program_says_so_in_one_line() {
    let mut command = command("proxy_first_poll");
    for list in ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"] {
        command.env(list, "/nowhere");
    }
    let output = run(command);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("no adapter"), "{stderr}");
}
