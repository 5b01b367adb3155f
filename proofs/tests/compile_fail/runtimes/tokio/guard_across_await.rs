//! The guard of `enter`, kept across an `.await`.

use tokio::runtime::Handle;
use tokio::task::yield_now;

// ANCHOR: guard
async fn enters(other: Handle) {
    let _guard = other.enter();
    yield_now().await;
}

pub fn starts(other: Handle) {
    drop(tokio::spawn(enters(other)));
}
// ANCHOR_END: guard

fn main() {}
