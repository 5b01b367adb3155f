//! The two ways to poll under loom, which tries each order of two threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::{Poll, Waker};

use listings::wakers::contract::count::Counter;
use loom::sync::Mutex;
use loom::sync::atomic::{AtomicBool, Ordering::SeqCst};

// ANCHOR: model
#[derive(Default)]
struct Shared {
    done: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Shared {
    fn store(&self, waker: &Waker) {
        *self.waker.lock().expect("no panic") = Some(waker.clone());
    }

    fn look_then_store(&self, waker: &Waker) -> Poll<()> {
        if self.done.load(SeqCst) {
            return Poll::Ready(());
        }
        self.store(waker);
        Poll::Pending
    }

    fn store_then_look(&self, waker: &Waker) -> Poll<()> {
        self.store(waker);
        if self.done.load(SeqCst) {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

/// The waiter polls once, while a worker sets the flag and wakes.
fn model(poll: fn(&Shared, &Waker) -> Poll<()>) {
    let shared = Arc::new(Shared::default());
    let to_finish = shared.clone();
    let worker = loom::thread::spawn(move || {
        to_finish.done.store(true, SeqCst);
        let waker = to_finish.waker.lock().expect("no panic").take();
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    let (task, waker) = Counter::new();
    let answer = poll(&shared, &waker);
    worker.join().expect("it does not panic");
    let fine = answer.is_ready() || task.wakes() > 0;
    assert!(fine, "pending, and nobody wakes it");
}
// ANCHOR_END: model

// ANCHOR: explore
fn main() {
    explore("look, then store", Shared::look_then_store);
    explore("store, then look", Shared::store_then_look);
}

fn explore(name: &str, poll: fn(&Shared, &Waker) -> Poll<()>) {
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let every_order = AssertUnwindSafe(|| {
        loom::model(move || {
            counted.fetch_add(1, Relaxed);
            model(poll);
        })
    });
    let end = catch_unwind(every_order);
    let runs = runs.load(Relaxed);
    match end {
        Ok(()) => println!("{name}: {runs} runs, and none fails"),
        Err(why) => {
            let text = why.downcast_ref::<&str>().expect("it is our text");
            println!("{name}: run {runs} fails: {text}");
        }
    }
}
// ANCHOR_END: explore
