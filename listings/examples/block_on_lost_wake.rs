//! A future whose first poll parks the thread, on four runners.

use std::future::poll_fn;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use listings::proof::watchdog;
use listings::wakers::block_on::{flag, park};

// ANCHOR: program
/// Its first poll starts a worker that wakes it, and parks until the
/// worker unparks it. Its second poll is ready.
fn job() -> impl Future<Output = u32> {
    let mut polled = false;
    poll_fn(move |cx| {
        if polled {
            return Poll::Ready(42);
        }
        polled = true;
        let (waker, here) = (cx.waker().clone(), thread::current());
        let worker = thread::spawn(move || {
            waker.wake();
            here.unpark();
        });
        // It has done both before we park: every run is the same.
        worker.join().expect("a wake does not panic");
        thread::park();
        Poll::Pending
    })
}

fn main() {
    watch("park::block_on", || park::block_on(job()));
    watch("pollster::block_on", || pollster::block_on(job()));
    watch("flag::block_on", || flag::block_on(job()));
    watch("futures::executor::block_on", || futures::executor::block_on(job()));
}

fn watch(runner: &str, run: impl FnOnce() -> u32 + Send + 'static) {
    match watchdog(Duration::from_secs(1), run) {
        Ok(answer) => println!("{runner}: {answer}"),
        Err(hung) => println!("{runner}: {hung}"),
    }
}
// ANCHOR_END: program
