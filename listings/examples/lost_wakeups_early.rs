//! A flag is set and its waiter told during the poll, with the waker kept
//! before the look.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use listings::wakers::block_on::flag::block_on;
use listings::wakers::block_on::job::count_polls;
use listings::wakers::lost_wakeups::early::Signal;

// ANCHOR: main
fn main() {
    let signal = Arc::new(Signal::default());
    let done = Arc::new(AtomicBool::new(false));
    let wait = signal.until(|| {
        let holds = done.load(SeqCst);
        if !holds {
            let (signal, done) = (signal.clone(), done.clone());
            let worker = thread::spawn(move || {
                done.store(true, SeqCst);
                signal.notify();
            });
            worker.join().expect("it does not panic");
        }
        holds
    });
    let ((), polls) = block_on(count_polls(wait));
    println!("during the poll: heard of, in {polls} polls");
}
// ANCHOR_END: main
