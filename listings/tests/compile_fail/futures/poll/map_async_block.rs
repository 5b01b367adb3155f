//! `map` asks for a future that may be moved between polls.

use listings::futures::poll::map::map;

fn main() {
    let block = async { 7 };
    let _mapped = map(block, |n| n + 1);
}
