//! The two signals under loom: each order of two threads is tried.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Context;

use listings::wakers::contract::count::Counter;
use loom::sync::atomic::{AtomicBool, Ordering::SeqCst};

// ANCHOR: model
/// The listings, with `loom::sync` in place of `std::sync`.
mod late {
    include!(concat!(env!("OUT_DIR"), "/models/wakers/lost_wakeups/late.rs"));
}
mod early {
    include!(concat!(env!("OUT_DIR"), "/models/wakers/lost_wakeups/early.rs"));
}
use loom::sync;

/// One run: a worker sets a flag and notifies, while the waiter polls.
macro_rules! model {
    ($signal:ty) => {
        |runs: &Runs| {
            let signal = Arc::new(<$signal>::default());
            let done = Arc::new(AtomicBool::new(false));
            let worker = {
                let (signal, done) = (signal.clone(), done.clone());
                let runs = runs.clone();
                loom::thread::spawn(move || {
                    done.store(true, SeqCst);
                    says(&runs, "worker: has set the flag");
                    signal.notify();
                    says(&runs, "worker: has notified");
                })
            };
            let (counter, waker) = Counter::new();
            let mut wait = pin!(signal.until(|| {
                let done = done.load(SeqCst);
                says(runs, format!("waiter: sees {done}"));
                done
            }));
            let answer = wait.as_mut().poll(&mut Context::from_waker(&waker));
            says(runs, format!("waiter: {answer:?}"));
            worker.join().expect("it does not panic");
            let fine = answer.is_ready() || counter.wakes() > 0;
            assert!(fine, "pending, and nobody wakes it");
        }
    };
}

// ANCHOR_END: model
/// What happened in each run, the newest last.
type Runs = Arc<Mutex<Vec<Vec<String>>>>;

fn says(runs: &Runs, what: impl Into<String>) {
    let mut runs = runs.lock().expect("nothing panics in it");
    runs.last_mut().expect("it has begun").push(what.into());
}

// ANCHOR: explore
fn main() {
    explore("late", model!(late::Signal));
    explore("early", model!(early::Signal));
}

fn explore(name: &str, model: fn(&Runs)) {
    let runs = Runs::default();
    let seen = runs.clone();
    let every_order = AssertUnwindSafe(|| {
        loom::model(move || {
            runs.lock().expect("nothing panics in it").push(Vec::new());
            model(&runs);
        })
    });
    let end = catch_unwind(every_order);
    let runs = seen.lock().expect("nothing panics in it");
    println!("{name}: {} runs", runs.len());
    if let Err(why) = end {
        for line in runs.last().expect("it has run") {
            println!("  {line}");
        }
        println!("  {}", why.downcast_ref::<&str>().expect("our text"));
    }
}
// ANCHOR_END: explore
