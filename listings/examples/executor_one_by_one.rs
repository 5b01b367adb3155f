//! Two futures under `block_on`: the second starts when the first is done.

use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::block_on::flag::block_on;

async fn cook(name: &str) {
    for step in ["chops", "fries", "serves"] {
        println!("{name} {step}");
        yield_now().await;
    }
}

fn main() {
    block_on(cook("Ann"));
    block_on(cook("Bob"));
}
