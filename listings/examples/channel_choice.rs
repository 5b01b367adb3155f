//! Four channels that people use, asked the same questions.

use std::pin::pin;

use futures::{FutureExt, SinkExt, StreamExt, channel::mpsc, poll};

use listings::wakers::block_on::flag::block_on;

// ANCHOR: program
/// How many values of three senders a channel of capacity 1 takes.
fn fit<S: Clone>(sender: &S, try_send: impl Fn(&mut S) -> bool) -> usize {
    let mut senders = [sender.clone(), sender.clone(), sender.clone()];
    senders.iter_mut().map(|s| (0..9).filter(|_| try_send(s)).count()).sum()
}

/// Whether a value arrives whose `send` was dropped when its turn had come.
async fn arrives(
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
    let fit = fit(&sender, |s| s.try_send(0).is_ok());
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    sender.try_send(1).expect("there is a place");
    (fit, arrives(sender.send(2), async || receiver.recv().await).await)
}

fn main() {
    println!("               fit  a dropped send arrives");
    let show = |name, (fit, arrives)| println!("{name:14} {fit:3}  {arrives}");
    show("tokio", block_on(tokio()));
    show("futures", block_on(futures()));
    show("async-channel", block_on(async_channel()));
    show("flume", block_on(flume()));
}
// ANCHOR_END: program

async fn futures() -> (usize, bool) {
    // Each sender has a place of its own, and these are on top.
    let (sender, _receiver) = mpsc::channel(1);
    let fit = fit(&sender, |s| s.try_send(0).is_ok());
    let (mut sender, mut receiver) = mpsc::channel(0);
    sender.try_send(1).expect("there is a place");
    (fit, arrives(sender.send(2), async || receiver.next().await).await)
}

async fn async_channel() -> (usize, bool) {
    let (sender, _receiver) = async_channel::bounded(1);
    let fit = fit(&sender, |s| s.try_send(0).is_ok());
    let (sender, receiver) = async_channel::bounded(1);
    sender.try_send(1).expect("there is a place");
    let recv = async || receiver.recv().await.ok();
    (fit, arrives(sender.send(2), recv).await)
}

async fn flume() -> (usize, bool) {
    let (sender, _receiver) = flume::bounded(1);
    let fit = fit(&sender, |s| s.try_send(0).is_ok());
    let (sender, receiver) = flume::bounded(1);
    sender.try_send(1).expect("there is a place");
    let recv = async || receiver.recv_async().await.ok();
    (fit, arrives(sender.send_async(2), recv).await)
}
