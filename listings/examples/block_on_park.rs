//! A runner that sleeps: how often does it ask?

use std::thread;
use std::time::Duration;

use listings::wakers::block_on::job::{ask, count_polls};
use listings::wakers::block_on::park::block_on;

fn main() {
    let answer = ask(|| {
        thread::sleep(Duration::from_millis(100));
        42
    });
    let (value, polls) = block_on(count_polls(answer));
    println!("{value} after {polls} polls");
}
