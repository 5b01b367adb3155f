//! `map` asks for a future that may be moved between polls.

use listings::futures::poll::map::map;

async fn seven() -> u8 {
    7
}

fn main() {
    let _mapped = map(seven(), |n| n + 1);
}
