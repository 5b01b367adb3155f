//! How often an operation is ready within one poll of a task.

use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use futures::StreamExt;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinError;
use tokio::task::coop::{consume_budget, cooperative, unconstrained};

// ANCHOR: measure
/// In one poll of a new task: how often `operation` is ready, at most 1000
/// times.
async fn measure(
    what: &str,
    mut operation: impl FnMut(&mut Context<'_>) -> Poll<()> + Send + 'static,
) -> Result<(), JoinError> {
    let times = tokio::spawn(std::future::poll_fn(move |cx| {
        let ready = (0..1000).take_while(|_| operation(cx).is_ready());
        Poll::Ready(ready.count())
    }));
    println!("{what}: {}", times.await?);
    Ok(())
}
// ANCHOR_END: measure

// ANCHOR: tokio
async fn channels_of_tokio() -> Result<(), JoinError> {
    let mut a = ones();
    measure("receive", move |cx| a.poll_recv(cx).map(drop)).await?;

    let (mut b, mut c, mut from_b) = (ones(), ones(), true);
    measure("receive from two channels in turn", move |cx| {
        from_b = !from_b;
        if from_b { b.poll_recv(cx) } else { c.poll_recv(cx) }.map(drop)
    })
    .await?;

    let (mut d, (_open, mut empty)) = (ones(), unbounded_channel::<u32>());
    measure("receive, and look into an empty channel", move |cx| {
        assert!(empty.poll_recv(cx).is_pending());
        d.poll_recv(cx).map(drop)
    })
    .await?;

    let mut e = ones();
    measure("receive, unconstrained", move |cx| {
        pin!(unconstrained(e.recv())).poll(cx).map(drop)
    })
    .await
}
// ANCHOR_END: tokio

// ANCHOR: others
async fn other_operations() -> Result<(), JoinError> {
    let tokios = tokio::sync::Mutex::new(());
    measure("lock a mutex of tokio", move |cx| {
        pin!(tokios.lock()).poll(cx).map(drop)
    })
    .await?;

    let stds = Mutex::new(());
    measure("lock a mutex of std", move |_| {
        drop(stds.lock());
        Poll::Ready(())
    })
    .await?;

    let mut numbers = futures::stream::iter(0..1000);
    let mut same = numbers.clone();
    measure("a stream of futures", move |cx| {
        numbers.poll_next_unpin(cx).map(drop)
    })
    .await?;
    measure("the same, cooperative", move |cx| {
        pin!(cooperative(same.next())).poll(cx).map(drop)
    })
    .await?;

    measure("consume_budget", |cx| pin!(consume_budget()).poll(cx)).await
}
// ANCHOR_END: others

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), JoinError> {
    channels_of_tokio().await?;
    other_operations().await
}

/// A channel with a thousand messages.
fn ones() -> tokio::sync::mpsc::UnboundedReceiver<u32> {
    let (sender, receiver) = unbounded_channel();
    (0..1000).for_each(|n| sender.send(n).expect("it is open"));
    receiver
}
