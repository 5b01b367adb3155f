//! Every program of the chapter prints what is recorded, or one line that
//! says why it cannot run here.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use listings::proof::{check_recorded, skip};

const PROGRAMS: &[&str] = &[
    "proxy_blocked",
    "proxy_spawned",
    "proxy_first_poll",
    "proxy_no_wake",
    "proxy_wake",
    "frame_lost",
    "two_loops_tokio_main",
    "two_loops_unwoken",
    "two_loops_woken",
    "two_loops_winit",
    "two_loops_turns",
    "two_loops_wait_until",
    "two_loops_no_reactor",
    "two_loops_beside",
    "two_loops_current_thread",
    "two_loops_budget",
    "two_loops_repairs",
    "crossings_two",
    "crossings_six",
    "map_async_nobody",
    "map_async_errors",
    "map_async_locked",
    "map_async_who_polls",
    "map_async_squares",
    "map_async_frames",
    "app_pictures",
    "web_first_poll",
    "web_block_on",
    "web_condvar",
    "web_busy",
    "web_wait",
    "web_slot",
    "web_oneshot",
    "web_send",
    #[cfg(feature = "winit-031")]
    "proxy_next",
    #[cfg(feature = "bevy")]
    "toolkits_bevy",
    #[cfg(feature = "egui")]
    "toolkits_egui",
];

/// The program `name`.
fn program(name: &str) -> Command {
    static EXAMPLES: OnceLock<PathBuf> = OnceLock::new();
    let file = EXAMPLES.get_or_init(build).join(name);
    Command::new(file.with_extension(env::consts::EXE_EXTENSION))
}

/// Builds the programs, which `cargo test --test` alone does not, and returns
/// their folder.
fn build() -> PathBuf {
    let test = env::current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("target/debug/deps/test");
    let release = profile.file_name().is_some_and(|name| name == "release");
    let optional =
        cfg!(any(feature = "winit-031", feature = "egui", feature = "bevy"));
    let built = Command::new(env!("CARGO"))
        .args(["build", "-q", "-p", "boundary", "--examples"])
        .args(optional.then_some("--all-features"))
        .args(release.then_some("--release"))
        .arg("--target-dir")
        .arg(profile.parent().unwrap_or(Path::new("target")))
        .status()
        .expect("cargo runs");
    assert!(built.success(), "the programs are not built");
    profile.join("examples")
}

fn run(mut command: Command) -> Output {
    command.output().unwrap_or_else(|why| {
        panic!("{command:?} did not start: {why}");
    })
}

/// That the program ended with one line, and what it said.
#[cfg(target_os = "linux")]
fn refusal(command: Command) -> String {
    let output = run(command);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr
}

#[test]
fn each_program_prints_what_is_recorded() {
    for name in PROGRAMS {
        let output = run(program(name));
        let stderr = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            assert!(!stderr.contains("panicked"), "{name}: {stderr}");
            skip(format!("{name}: {stderr}"));
            continue;
        }
        let stdout = String::from_utf8_lossy(&output.stdout);
        let record = format!("boundary/examples/outputs/{name}.txt");
        check_recorded(&record, &stdout).unwrap();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_display_a_program_says_so_in_one_line() {
    for name in ["frame_short", "frame_triangle", "two_loops_winit", "web_app"]
    {
        let mut program = program(name);
        for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
            program.env_remove(display);
        }
        let why = refusal(program);
        assert!(why.contains("no window can be opened here"), "{why}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_driver_a_program_says_so_in_one_line() {
    for name in ["proxy_first_poll", "map_async_squares", "map_async_frames"] {
        let mut program = program(name);
        for list in ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"] {
            program.env(list, "/nowhere");
        }
        let why = refusal(program);
        assert!(why.contains("no adapter"), "{why}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_shader_that_is_wrong_or_missing_is_one_line() {
    let wrong = env::temp_dir().join(format!("{}.wgsl", std::process::id()));
    std::fs::write(&wrong, "fn square( {").expect("it can be written");
    for (path, what) in [
        (&*wrong, "parsing error: expected identifier"),
        (Path::new("/nowhere.wgsl"), "no shader: /nowhere.wgsl: No such file"),
    ] {
        let mut program = program("map_async_squares");
        program.arg(path);
        let why = refusal(program);
        if why.contains("no adapter") {
            skip(why);
        } else {
            assert!(why.contains(what), "{why}");
        }
    }
    std::fs::remove_file(wrong).expect("it was written");
}
