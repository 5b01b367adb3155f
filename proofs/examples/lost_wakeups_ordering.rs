//! What a thread may see of another one's writes, tried by loom.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use loom::thread;

// ANCHOR: main
fn main() {
    explore(Ordering::Release, Ordering::Acquire);
    explore(Ordering::Relaxed, Ordering::Relaxed);
}

fn explore(store: Ordering, load: Ordering) {
    let answers = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = answers.clone();
    loom::model(move || {
        let answer = Arc::new(AtomicU32::new(0));
        let ready = Arc::new(AtomicBool::new(false));
        let (to_answer, to_ready) = (answer.clone(), ready.clone());
        thread::spawn(move || {
            to_answer.store(42, Ordering::Relaxed);
            to_ready.store(true, store);
        });
        if ready.load(load) {
            let answer = answer.load(Ordering::Relaxed);
            seen.lock().expect("nothing panics in it").insert(answer);
        }
    });
    let answers = answers.lock().expect("nothing panics in it");
    println!("{store:?} and {load:?}: when it is ready it is {answers:?}");
}
// ANCHOR_END: main
