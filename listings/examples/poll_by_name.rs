//! The futures of this chapter under the names people use.

use std::future::{poll_fn, ready};
use std::task::Poll;

use futures::FutureExt;
use tokio::sync::oneshot;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("ready: {}", ready(7).await);

    let mut left = 2;
    let countdown = poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready("liftoff");
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    });
    println!("poll_fn: {}", countdown.await);

    let block = async { 7 };
    println!("map: {}", block.map(|n| n + 1).await);

    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async { sender.send("a value") });
    println!("oneshot: {:?}", receiver.await);

    let (sender, receiver) = oneshot::channel::<u32>();
    drop(sender);
    println!("oneshot: {:?}", receiver.await);
}
