//! Drops a timer of an hour after one poll: its thread ends soon after.

use std::pin::Pin;
use std::task::Context;
use std::thread;
use std::time::Duration;

use listings::proof::watchdog;
use listings::wakers::contract::count::Counter;
use listings::wakers::timer::stopped::sleep;
use listings::wakers::timer::threads::waiting;

const HOUR: Duration = Duration::from_secs(60 * 60);
const LIMIT: Duration = Duration::from_secs(30);

// ANCHOR: program
fn until_no_thread_waits() {
    while waiting() > 0 {
        thread::yield_now();
    }
}

fn main() {
    let (task, waker) = Counter::new();
    let mut future = sleep(HOUR);
    let answer = Pin::new(&mut future).poll(&mut Context::from_waker(&waker));
    println!("the poll gave {answer:?}, threads: {}", waiting());
    drop((future, waker));
    println!("wakers of the task: {}", task.wakers());
    watchdog(LIMIT, until_no_thread_waits).expect("the thread ends");
    println!("threads, soon after: {}", waiting());
}
// ANCHOR_END: program
