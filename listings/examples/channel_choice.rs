//! Four channels that people use, asked the same questions.

use std::pin::pin;

use futures::{FutureExt, SinkExt, StreamExt, channel::mpsc, poll};

use listings::wakers::block_on::flag::block_on;

// ANCHOR: program
/// How many values three senders get into a channel of capacity 1.
fn values_taken<S: Clone>(
    sender: &S,
    try_send: impl Fn(&mut S) -> bool,
) -> usize {
    let mut senders = [sender.clone(), sender.clone(), sender.clone()];
    senders.iter_mut().map(|s| (0..9).filter(|_| try_send(s)).count()).sum()
}

/// Fills the channel, polls a `send`, which waits, receives once, and drops
/// the `send`. Does its value arrive all the same?
async fn dropped_send_arrives(
    send: impl Future,
    mut recv: impl AsyncFnMut() -> Option<u32>,
) -> bool {
    {
        let mut send = pin!(send);
        assert!(poll!(&mut send).is_pending());
        assert_eq!(recv().await, Some(1));
    }
    recv().now_or_never().is_some()
}

async fn tokio() -> (usize, bool) {
    let (sender, _receiver) = tokio::sync::mpsc::channel(1);
    let taken = values_taken(&sender, |s| s.try_send(0).is_ok());
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    sender.try_send(1).expect("there is a place");
    (
        taken,
        dropped_send_arrives(sender.send(2), async || receiver.recv().await)
            .await,
    )
}

fn main() {
    println!("             taken  a dropped send arrives");
    let show = |name, (taken, arrives)| {
        println!("{name:14} {taken:3}  {arrives}");
    };
    show("tokio", block_on(tokio()));
    show("futures", block_on(futures()));
    show("async-channel", block_on(async_channel()));
    show("flume", block_on(flume()));
}
// ANCHOR_END: program

async fn futures() -> (usize, bool) {
    // Each sender has a place of its own, and these are on top.
    let (sender, _receiver) = mpsc::channel(1);
    let taken = values_taken(&sender, |s| s.try_send(0).is_ok());
    let (mut sender, mut receiver) = mpsc::channel(0);
    sender.try_send(1).expect("there is a place");
    (
        taken,
        dropped_send_arrives(sender.send(2), async || receiver.next().await)
            .await,
    )
}

async fn async_channel() -> (usize, bool) {
    let (sender, _receiver) = async_channel::bounded(1);
    let taken = values_taken(&sender, |s| s.try_send(0).is_ok());
    let (sender, receiver) = async_channel::bounded(1);
    sender.try_send(1).expect("there is a place");
    let recv = async || receiver.recv().await.ok();
    (taken, dropped_send_arrives(sender.send(2), recv).await)
}

async fn flume() -> (usize, bool) {
    let (sender, _receiver) = flume::bounded(1);
    let taken = values_taken(&sender, |s| s.try_send(0).is_ok());
    let (sender, receiver) = flume::bounded(1);
    sender.try_send(1).expect("there is a place");
    let recv = async || receiver.recv_async().await.ok();
    (taken, dropped_send_arrives(sender.send_async(2), recv).await)
}
