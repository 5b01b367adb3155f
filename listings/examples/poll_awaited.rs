//! What `.await` does, written out with two macros for async code.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use listings::futures::poll::countdown::countdown;

// ANCHOR: awaited
async fn awaited<F: IntoFuture>(future: F) -> F::Output {
    let mut future = pin!(future.into_future());
    loop {
        match futures::poll!(future.as_mut()) {
            Poll::Ready(value) => break value,
            Poll::Pending => futures::pending!(),
        }
    }
}
// ANCHOR_END: awaited

/// Polls to the end and says how often that was.
fn run<T: std::fmt::Debug>(name: &str, future: impl Future<Output = T>) {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    for poll in 1.. {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return println!("{name}: {value:?} after {poll} polls");
        }
    }
}

// ANCHOR: compared
fn main() {
    run(".await", async { countdown(2).await });
    run("awaited", async { awaited(countdown(2)).await });
}
// ANCHOR_END: compared
