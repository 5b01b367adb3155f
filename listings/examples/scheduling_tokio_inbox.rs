//! In Tokio, a task that is always woken from its own thread, and a task that
//! was woken from another one. How many turns come in between?

use std::future::poll_fn;
use std::io;
use std::task::Poll;
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// How many turns the busy task has before the other one is polled.
fn turns(interval: u32) -> io::Result<u32> {
    let runtime = Builder::new_current_thread()
        .global_queue_interval(interval)
        // Not part of this question: see the next program.
        .event_interval(10_000)
        .build()?;
    Ok(runtime.block_on(async {
        let (sender, receiver) = oneshot::channel();
        let mut sender = Some(sender);
        let other = tokio::spawn(receiver);
        tokio::task::yield_now().await;
        let mut turns = 0;
        let busy = tokio::spawn(poll_fn(move |cx| {
            if let Some(sender) = sender.take() {
                let send = thread::spawn(|| sender.send(()));
                send.join().expect("it does not panic").expect("it waits");
            } else if other.is_finished() {
                return Poll::Ready(turns);
            } else {
                turns += 1;
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        busy.await.expect("it does not panic")
    }))
}

fn main() -> io::Result<()> {
    for interval in [1, 31, 500] {
        println!("interval {interval}: {} turns", turns(interval)?);
    }
    Ok(())
}
