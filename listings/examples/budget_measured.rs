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

// ANCHOR: rows
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), JoinError> {
    let [mut a, mut b, mut c, mut d, mut e] = [(); 5].map(|()| ones());
    let recv = move |cx: &mut Context<'_>| a.poll_recv(cx).map(drop);
    measure("receive", recv).await?;
    let mut from_b = true;
    measure("receive from two channels in turn", move |cx| {
        from_b = !from_b;
        if from_b { b.poll_recv(cx) } else { c.poll_recv(cx) }.map(drop)
    })
    .await?;
    let (_open, mut empty) = unbounded_channel::<u32>();
    measure("receive, and look into an empty channel", move |cx| {
        assert!(empty.poll_recv(cx).is_pending());
        d.poll_recv(cx).map(drop)
    })
    .await?;
    measure("receive, unconstrained", move |cx| {
        pin!(unconstrained(e.recv())).poll(cx).map(drop)
    })
    .await?;

    let numbers = || futures::stream::iter(0..1000);
    let mut foreign = numbers();
    measure("a stream of futures", move |cx| {
        foreign.poll_next_unpin(cx).map(drop)
    })
    .await?;
    let mut foreign = numbers();
    measure("the same, cooperative", move |cx| {
        pin!(cooperative(foreign.next())).poll(cx).map(drop)
    })
    .await?;
    let (tokios, stds) = (tokio::sync::Mutex::new(()), Mutex::new(()));
    measure("lock a mutex of tokio", move |cx| {
        pin!(tokios.lock()).poll(cx).map(drop)
    })
    .await?;
    measure("lock a mutex of std", move |_| {
        drop(stds.lock());
        Poll::Ready(())
    })
    .await?;
    measure("consume_budget", |cx| pin!(consume_budget()).poll(cx)).await
}
// ANCHOR_END: rows

/// A channel with a thousand messages.
fn ones() -> tokio::sync::mpsc::UnboundedReceiver<u32> {
    let (sender, receiver) = unbounded_channel();
    (0..1000).for_each(|n| sender.send(n).expect("it is open"));
    receiver
}
