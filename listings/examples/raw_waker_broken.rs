//! What is left when each rule is broken once.

use listings::wakers::raw_waker::broken::outcomes;

fn main() {
    for (rule, rings, handles) in outcomes() {
        println!("{rule:<22} rings {rings}, handles {handles:+}");
    }
}
