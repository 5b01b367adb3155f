//! Tokio's JoinError: a panic goes on in the task that awaits, and a
//! cancellation becomes `None`.

use std::future::pending;
use std::panic::resume_unwind;

use tokio::task::{JoinHandle, yield_now};

// ANCHOR: value_of
/// The value of a task, or `None` if it was cancelled. If the task
/// panicked, the same panic goes on here.
async fn value_of<T>(task: JoinHandle<T>) -> Option<T> {
    match task.await {
        Ok(value) => Some(value),
        Err(why) if why.is_panic() => resume_unwind(why.into_panic()),
        Err(_) => None,
    }
}
// ANCHOR_END: value_of

// ANCHOR: main
/// Panics when it is dropped.
struct Pan;

impl Drop for Pan {
    fn drop(&mut self) {
        panic!("the pan is hot");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let cook = tokio::spawn(async { 6 });
    println!("returned: {:?}", value_of(cook).await);

    let waits = tokio::spawn(pending::<()>());
    waits.abort();
    println!("aborted: {:?}", value_of(waits).await);

    let ann = tokio::spawn(async { panic!("Ann drops the pan") });
    let asks = tokio::spawn(value_of::<()>(ann));
    let why = asks.await.expect_err("the panic of Ann goes on in it");
    let text = why.into_panic();
    println!("panicked: {:?}", text.downcast_ref::<&str>());

    let holds = tokio::spawn(async {
        let _pan = Pan;
        pending::<()>().await
    });
    yield_now().await; // It takes the pan.
    holds.abort();
    let why = holds.await.expect_err("it was aborted");
    println!("aborted with a hot pan: is_panic = {}", why.is_panic());
}
// ANCHOR_END: main
