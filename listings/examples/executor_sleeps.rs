//! `run` sleeps until a wake comes, and for ever when none will.

use std::future::pending;
use std::thread;
use std::time::Duration;

use listings::proof::watchdog;
use listings::runtimes::executor::Executor;
use listings::wakers::block_on::job::ask;

fn main() {
    let executor = Executor::default();
    let answer = executor.run(ask(|| {
        thread::sleep(Duration::from_millis(50));
        42
    }));
    println!("another thread answers: {answer}");

    let second = Duration::from_secs(1);
    let end = watchdog(second, || Executor::default().run(pending::<()>()));
    println!("nobody answers: {end:?}");
}
