//! A condition variable remembers nothing: a wake that comes before the wait
//! is lost, unless a flag under the lock remembers it.

use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use listings::proof::watchdog;

// ANCHOR: program
fn main() {
    watch("only a condition variable", || {
        let bell = Arc::new(Condvar::new());
        let to_ring = bell.clone();
        let waker = thread::spawn(move || to_ring.notify_one());
        waker.join().expect("it does not panic");
        let lock = Mutex::new(());
        drop(bell.wait(lock.lock().expect("it does not panic")));
    });
    watch("with a flag under the lock", || {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        let to_wake = shared.clone();
        let waker = thread::spawn(move || {
            *to_wake.0.lock().expect("it does not panic") = true;
            to_wake.1.notify_one();
        });
        waker.join().expect("it does not panic");
        let (woken, bell) = &*shared;
        let mut woken = woken.lock().expect("it does not panic");
        while !*woken {
            woken = bell.wait(woken).expect("it does not panic");
        }
    });
}

fn watch(what: &str, wait: impl FnOnce() + Send + 'static) {
    match watchdog(Duration::from_secs(1), wait) {
        Ok(()) => println!("{what}: awake"),
        Err(hung) => println!("{what}: {hung}"),
    }
}
// ANCHOR_END: program
