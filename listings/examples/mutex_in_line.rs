//! The mutex with a line.

use listings::wakers::mutex::in_line::Mutex;
use listings::wakers::mutex::trial::{gives_up, turns};

fn main() {
    let mutex = Mutex::new(());
    println!("turns: {}", turns(|| mutex.lock()));
    println!("B gives up: {}", gives_up(|| mutex.lock()));
}
