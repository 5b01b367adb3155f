//! Exercise to futures/poll.html: a future around another one, which changes
//! its value.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A future that changes what another one gives; see [`map`].
#[must_use = "futures do nothing unless polled"]
pub struct Map<Fut, F> {
    inside: Option<(Fut, F)>,
}

/// Returns a future that gives `f(value)` when `future` gives `value`.
pub fn map<Fut, F, T>(future: Fut, f: F) -> Map<Fut, F>
where
    Fut: Future + Unpin,
    F: FnOnce(Fut::Output) -> T + Unpin,
{
    Map { inside: Some((future, f)) }
}

// ANCHOR: stub
impl<Fut, F, T> Future for Map<Fut, F>
where
    Fut: Future + Unpin,
    F: FnOnce(Fut::Output) -> T + Unpin,
{
    type Output = T;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        todo!("ask what is inside, and drop it when it is done")
    }
}
// ANCHOR_END: stub
