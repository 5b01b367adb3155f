//! The countdown that wakes ends under the same runner.

use listings::futures::poll::countdown::countdown;

fn main() {
    println!("block_on: {}", pollster::block_on(countdown(2)));
}
