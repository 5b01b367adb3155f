//! Exercise to pinning/pin.html: repair a loop that polls one future.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

/// Polls a future once: its value, or `None` when it is pending.
async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|cx| {
        Poll::Ready(match future.as_mut().poll(cx) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        })
    })
    .await
}

// ANCHOR: stub
/// Starts one download, polls it once in each of five rounds, and returns
/// what each round saw: the file in the round it arrives, else `None`.
///
/// It never sees the file: each round starts anew. When that is repaired, it
/// panics. `poll_once(pin).await` polls what is pinned once.
pub async fn rounds<F: Future>(
    download: impl Fn() -> F,
) -> Vec<Option<F::Output>> {
    let mut seen = Vec::new();
    for _ in 0..5 {
        let download = pin!(download());
        seen.push(poll_once(download).await);
    }
    seen
}
// ANCHOR_END: stub
