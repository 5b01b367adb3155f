//! One task waits for three threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use listings::wakers::block_on::flag::block_on;
use listings::wakers::lost_wakeups::latch::Latch;

// ANCHOR: main
fn main() {
    let latch = Arc::new(Latch::new(3));
    let sum = Arc::new(AtomicU32::new(0));
    for number in [1, 2, 3] {
        let (latch, sum) = (latch.clone(), sum.clone());
        thread::spawn(move || {
            sum.fetch_add(number, Relaxed);
            latch.count_down();
        });
    }
    block_on(latch.wait());
    println!("the sum is {}", sum.load(Relaxed));
}
// ANCHOR_END: main
