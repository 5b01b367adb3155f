//! Three wakes in one poll: how many polls follow?

use std::future::poll_fn;
use std::task::Poll;

/// Wakes three times and is pending in its first poll, and ready in its
/// second one, with the number of polls.
fn eager() -> impl Future<Output = u32> {
    let mut polls = 0;
    poll_fn(move |cx| {
        polls += 1;
        if polls > 1 {
            return Poll::Ready(polls);
        }
        for _ in 0..3 {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    })
}

fn main() {
    let tokio = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without drivers can be built");
    println!("pollster, polls: {}", pollster::block_on(eager()));
    println!("futures, polls: {}", futures::executor::block_on(eager()));
    println!("tokio, polls: {}", tokio.block_on(eager()));
}
