//! Drops a timer of an hour after one poll: its thread sleeps on.

use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use listings::wakers::contract::count::Counter;
use listings::wakers::timer::sleeper::sleep;
use listings::wakers::timer::threads::waiting;

const HOUR: Duration = Duration::from_secs(60 * 60);

// ANCHOR: program
fn main() {
    let (task, waker) = Counter::new();
    let mut future = sleep(HOUR);
    let answer = Pin::new(&mut future).poll(&mut Context::from_waker(&waker));
    println!("the poll gave {answer:?}");
    drop((future, waker));
    println!("the future is dropped, and so is our waker");
    println!("threads that sleep: {}", waiting());
    println!("wakers of the task: {}", task.wakers());
}
// ANCHOR_END: program
