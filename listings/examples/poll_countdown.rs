//! A countdown that wakes ends under a runner.

use listings::futures::poll::countdown::countdown;

fn main() {
    println!("block_on: {}", pollster::block_on(countdown(2)));
}
