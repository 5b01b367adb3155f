//! The window, opened on the screen that there is. Each test is a process of
//! its own: a process has one event loop, on its main thread.

mod app;
mod busy;
mod close;
mod crossings;
mod device_lost;
mod lost;
#[cfg(feature = "winit-031")]
mod next;
mod no_adapter;
mod panic;
mod support;
mod surface;
mod trace;
mod web;
mod window;

use std::env;
use std::process::{Command, ExitCode};

/// By the listing that each is about, so that the command above it runs it.
const TESTS: &[(&str, fn())] = &[
    ("app::program::device_lost_at_once", app::device_lost_at_once),
    ("app::program::device_lost_idle", app::device_lost_idle),
    ("app::program::device_lost_redraw", app::device_lost_redraw),
    ("app::program::device_lost_suspended", app::device_lost_suspended),
    ("app::program::failed_alone", app::failed_alone),
    ("app::program::failed_before_lost", app::failed_before_lost),
    ("app::program::failed_too_late", app::failed_too_late),
    ("app::program::idle", app::idle),
    ("app::program::late", app::late),
    ("app::program::surface_lost", app::surface_lost),
    ("app::program::surface_outdated", app::surface_outdated),
    ("app::program::surface_timeout", app::surface_timeout),
    ("app::program::suspended_done", app::suspended_done),
    ("app::program::suspended_working", app::suspended_working),
    ("app::program::turn", app::turn),
    ("app::refine::device_lost_working", app::device_lost_working),
    ("app::refine::early", app::early),
    ("app::state::no_adapter", app::no_adapter),
    ("app::tasks::panic", app::panic),
    ("crossings::blocked::counts", crossings::blocked),
    ("crossings::boxed::counts", crossings::boxed),
    ("crossings::boxed::counts_on_tokio", crossings::boxed_runtime),
    ("crossings::inbox::counts", crossings::inbox),
    ("crossings::polled::counts", crossings::polled),
    ("crossings::runtime::counts", crossings::runtime),
    ("crossings::same::counts", crossings::thread),
    ("crossings::thread::counts", crossings::thread),
    ("frame::app::close", close::run),
    ("frame::app::device_lost_idle", device_lost::idle),
    ("frame::app::device_lost_redraw", device_lost::redraw),
    ("frame::app::device_lost_timeout", device_lost::timeout),
    ("frame::app::lost", lost::run),
    #[cfg(feature = "winit-031")]
    ("frame::next::window", next::run),
    ("frame::app::no_adapter", no_adapter::run),
    ("frame::app::panic", panic::run),
    ("frame::app::surface_suboptimal", surface::suboptimal),
    ("frame::app::surface_suspended", surface::suspended),
    ("frame::app::surface_timeout", surface::timeout),
    ("frame::app::trace", trace::run),
    ("frame::app::window", window::run),
    ("two_loops::tasks::busy", busy::run),
    ("web::app::window", web::run),
    ("web::setup::early", web::early),
];

/// Which test this process is.
const CHILD: &str = "WINDOW_TEST";

/// Runs the tests whose name holds one of the words that are given, as the
/// harness of Rust does, and says so in its words.
fn main() -> ExitCode {
    if let Ok(name) = env::var(CHILD) {
        let test = TESTS.iter().find(|(n, _)| *n == name);
        let (name, run) = test.expect("there is such a test");
        support::watch(name);
        run();
        return ExitCode::SUCCESS;
    }
    let words: Vec<String> =
        env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let (mut passed, mut failed) = (0, 0);
    for (name, _) in TESTS {
        if !words.is_empty() && !words.iter().any(|w| name.contains(w.as_str()))
        {
            continue;
        }
        let said = Command::new(env::current_exe().expect("it has a path"))
            .env(CHILD, name)
            .output()
            .expect("a process starts");
        let verdict = if said.status.success() { "ok" } else { "FAILED" };
        println!("test {name} ... {verdict}");
        let stderr = String::from_utf8_lossy(&said.stderr);
        if said.status.success() {
            passed += 1;
            stderr
                .lines()
                .filter(|line| line.starts_with("SKIP: "))
                .for_each(|line| println!("{line}"));
        } else {
            failed += 1;
            let stdout = String::from_utf8_lossy(&said.stdout);
            println!("{stdout}{stderr}({})", said.status);
        }
    }
    let all = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {all}. {passed} passed; {failed} failed");
    ExitCode::from(u8::from(failed > 0))
}
