//! The library really lets threads come late: a loader that cannot load it only
//! says so, and goes on without it.

#![cfg(target_os = "linux")]

use std::env;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const ROUNDS: usize = 200;

/// How often a new thread has begun when the one that made it goes on.
fn new_ones_first() -> usize {
    let round = |_: &usize| {
        let begun = Arc::new(AtomicBool::new(false));
        let begins = begun.clone();
        let new = thread::spawn(move || begins.store(true, Ordering::SeqCst));
        let first = begun.load(Ordering::SeqCst);
        new.join().expect("it does not panic");
        first
    };
    (0..ROUNDS).filter(round).count()
}

#[test]
fn either_of_two_threads_comes_first_now_and_then() {
    if env::var_os("DELAYS").is_some() {
        let first = new_ones_first();
        // A tenth of them at least: without the library it is hardly one.
        assert!((ROUNDS / 10..ROUNDS * 9 / 10).contains(&first), "{first}");
        return;
    }
    let test = env::current_exe().expect("a test has a path");
    let library = test.ancestors().nth(2).expect("target/debug/deps/test");
    let child = Command::new(&test)
        .env("LD_PRELOAD", library.join("libdelays.so"))
        .env("DELAYS", "1")
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{said}");
}
