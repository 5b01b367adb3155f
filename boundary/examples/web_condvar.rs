//! The condition variable of a `block_on` that sleeps without `park`.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use boundary::web::platform::{say, start};

fn main() {
    start();
    static DONE: Mutex<bool> = Mutex::new(false);
    static CHANGED: Condvar = Condvar::new();
    if cfg!(not(target_arch = "wasm32")) {
        thread::spawn(|| {
            *DONE.lock().unwrap_or_else(PoisonError::into_inner) = true;
            CHANGED.notify_one();
        });
    }
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    say("locked");
    while !*done {
        done = CHANGED.wait(done).unwrap_or_else(PoisonError::into_inner);
    }
    say("waited");
}
