//! A flag is set and its waiter told: before the poll, after it, during it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use listings::proof::watchdog;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::lost_wakeups::late::Signal;

// ANCHOR: work
#[derive(Clone, Default)]
struct Work {
    done: Arc<AtomicBool>,
    signal: Arc<Signal>,
}

impl Work {
    /// Does it all on another thread, and returns when it is done.
    fn do_it(&self) {
        let work = self.clone();
        let worker = thread::spawn(move || {
            work.done.store(true, SeqCst);
            work.signal.notify();
        });
        worker.join().expect("it does not panic");
    }
}
// ANCHOR_END: work

// ANCHOR: program
fn main() {
    watch("before the poll", |work| {
        work.do_it();
        block_on(work.signal.until(|| work.done.load(SeqCst)));
    });
    watch("after the poll", |work| {
        let wait = work.signal.until(|| work.done.load(SeqCst));
        let after = async { work.do_it() };
        block_on(async { futures::join!(wait, after) });
    });
    watch("during the poll", |work| {
        block_on(work.signal.until(|| {
            let done = work.done.load(SeqCst);
            if !done {
                // Our thread is held up here, and the worker is fast.
                work.do_it();
            }
            done
        }));
    });
}
// ANCHOR_END: program

fn watch(when: &str, run: impl FnOnce(Work) + Send + 'static) {
    match watchdog(Duration::from_secs(1), || run(Work::default())) {
        Ok(()) => println!("{when}: the waiter heard of it"),
        Err(hung) => println!("{when}: {hung}"),
    }
}
