//! A runner that spins: how often does it ask?

use std::thread;
use std::time::Duration;

use listings::wakers::block_on::job::{ask, count_polls};
use listings::wakers::block_on::spin::block_on;

fn main() {
    let answer = ask(|| {
        thread::sleep(Duration::from_millis(100));
        42
    });
    let (value, polls) = block_on(count_polls(answer));
    if polls > 1000 {
        println!("{value} after more than 1000 polls");
    } else {
        println!("{value} after {polls} polls");
    }
}
