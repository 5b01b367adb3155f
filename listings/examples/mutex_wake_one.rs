//! The first mutex: it wakes one of those who wait.

use std::time::Duration;

use listings::wakers::mutex::trial::{gives_up, turns};
use listings::wakers::mutex::wake_one::Mutex;

fn main() {
    // For good, so that another thread may use it whatever happens.
    let mutex: &Mutex<()> = Box::leak(Box::new(Mutex::new(())));
    println!("turns: {}", turns(|| mutex.lock()));
    let limit = Duration::from_secs(1);
    println!("B gives up: {}", gives_up(limit, || mutex.lock()));
}
