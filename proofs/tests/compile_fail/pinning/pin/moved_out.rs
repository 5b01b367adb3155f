use std::mem;

use listings::futures::poll::countdown::countdown;
use listings::pinning::pin::pinned::Pinned;

async fn greeting() {
    countdown(1).await;
}

fn main() {
    let waiting = Pinned::boxed(greeting());
    mem::swap(&mut *waiting, &mut greeting());
    let _moved = *waiting;
}
