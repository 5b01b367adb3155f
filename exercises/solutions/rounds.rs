//! One future in five rounds, polled until it is ready and not again.

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

/// Starts one download, polls it once in each of five rounds, and returns
/// what each round saw.
pub async fn rounds<F: Future>(
    download: impl Fn() -> F,
) -> Vec<Option<F::Output>> {
    let mut seen = Vec::new();
    let mut download = pin!(download());
    let mut done = false;
    for _ in 0..5 {
        let answer =
            if done { None } else { poll_once(download.as_mut()).await };
        done |= answer.is_some();
        seen.push(answer);
    }
    seen
}
