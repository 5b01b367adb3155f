//! The mutex whose turns are passed on.

use listings::wakers::mutex::fair::Mutex;
use listings::wakers::mutex::trial::{gives_up, turns};

fn main() {
    let mutex = Mutex::new(());
    println!("turns: {}", turns(|| mutex.lock()));
    println!("B gives up: {}", gives_up(|| mutex.lock()));
}
