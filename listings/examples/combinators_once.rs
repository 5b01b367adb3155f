//! Asks a future once, from sync and from async code, and a task without a
//! poll.

use std::pin::pin;

use futures::FutureExt;
use listings::futures::combinators::once::{poll_now, poll_once};
use listings::futures::poll::countdown::countdown;
use tokio::sync::oneshot;
use tokio::task::yield_now;

async fn seven() -> u32 {
    countdown(1).await;
    7
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("sync: {:?}", poll_now(countdown(1)));
    println!("now_or_never: {:?}", countdown(1).now_or_never());

    let mut future = countdown(2);
    println!("async: {:?}", poll_once(&mut future).await);
    println!("poll!: {:?}", futures::poll!(&mut future));
    println!("await: {}", future.await);

    let mut pinned = pin!(seven());
    println!("an async fn: {:?}", futures::poll!(pinned.as_mut()));
    println!("an async fn: {:?}", futures::poll!(pinned.as_mut()));

    let (sender, mut receiver) = oneshot::channel();
    let task = tokio::spawn(async { sender.send(7) });
    println!("a task: finished: {}", task.is_finished());
    println!("its channel: {:?}", receiver.try_recv());
    while !task.is_finished() {
        yield_now().await;
    }
    println!("its channel: {:?}", receiver.try_recv());
}
