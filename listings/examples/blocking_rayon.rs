//! A computation on rayon's threads, awaited.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

use rayon::prelude::*;
use tokio::sync::oneshot;

// ANCHOR: program
/// A future of what `job` returns, or of its panic.
async fn compute<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> thread::Result<T> {
    let (sender, receiver) = oneshot::channel();
    rayon::spawn(move || {
        let result = catch_unwind(AssertUnwindSafe(job));
        // An error means that nobody waits any more.
        let _ = sender.send(result);
    });
    receiver.await.expect("the sender is used, since panics are caught")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let squares = || (1..=1_000_000_u64).into_par_iter().map(|n| n * n).sum();
    let sum: thread::Result<u64> = compute(squares).await;
    println!("the sum of the squares: {sum:?}");
    let end = compute(|| -> u64 { resume_unwind(Box::new("no eggs")) }).await;
    println!("a panic arrives: {}", end.is_err());
}
// ANCHOR_END: program
