//! A future that is stopped by another. The first spends the whole budget.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::Poll;

use futures::FutureExt;
use tokio::sync::{mpsc, oneshot};
use tokio::task::coop::{has_budget_remaining, unconstrained};
use tokio::task::yield_now;

static TAKEN: AtomicU32 = AtomicU32::new(0);

async fn busy() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for n in 0..10_000 {
        sender.send(n).expect("it is open");
        receiver.recv().await;
        TAKEN.fetch_add(1, Relaxed);
    }
}

/// Polls `future`, then looks for `stop`, until one of them is ready.
async fn until(future: impl Future, stop: impl Future) {
    let (mut future, mut stop) = (pin!(future), pin!(stop));
    poll_fn(|cx| {
        if future.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        stop.as_mut().poll(cx).map(drop)
    })
    .await
}

// ANCHOR: until
/// Polls `future`, then looks for `stop`. When `future` has spent the budget,
/// that look costs nothing.
async fn until_spent(future: impl Future, stop: impl Future) {
    let (mut future, mut stop) = (pin!(future), pin!(stop));
    poll_fn(|cx| {
        let had_some = has_budget_remaining();
        if future.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        if had_some && !has_budget_remaining() {
            return unconstrained(stop.as_mut()).poll_unpin(cx).map(drop);
        }
        stop.as_mut().poll(cx).map(drop)
    })
    .await
}
// ANCHOR_END: until

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, stop) = oneshot::channel();
    sender.send(()).expect("it is open");
    until(busy(), stop).await;
    println!("until: {} messages", TAKEN.swap(0, Relaxed));
    yield_now().await; // The next line begins with a new budget.

    let (sender, stop) = oneshot::channel();
    sender.send(()).expect("it is open");
    until_spent(busy(), stop).await;
    println!("until_spent: {} messages", TAKEN.swap(0, Relaxed));
}
