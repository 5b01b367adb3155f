//! The first mutex: it wakes one of the tasks that wait.

use listings::wakers::mutex::trial::{gives_up, turns};
use listings::wakers::mutex::wake_one::Mutex;

fn main() {
    let mutex = Mutex::new(());
    println!("turns: {}", turns(|| mutex.lock()));
    println!("B gives up: {}", gives_up(|| mutex.lock()));
}
