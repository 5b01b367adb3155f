//! Exercise to futures/combinators.html: a join of any number of futures.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A future of all values, in the order of the futures; see [`join_all`].
#[must_use = "futures do nothing unless polled"]
pub struct JoinAll<F: Future> {
    /// `None` when it has been ready.
    sides: Option<Vec<Side<F>>>,
}

enum Side<F: Future> {
    Running(F),
    Done(F::Output),
}

/// Returns a future that is ready when all `futures` are. None of them waits
/// for another, and each is dropped when it is done.
pub fn join_all<F>(futures: Vec<F>) -> JoinAll<F>
where
    F: Future + Unpin,
    F::Output: Unpin,
{
    let sides = futures.into_iter().map(Side::Running).collect();
    JoinAll { sides: Some(sides) }
}

// ANCHOR: stub
impl<F> Future for JoinAll<F>
where
    F: Future + Unpin,
    F::Output: Unpin,
{
    type Output = Vec<F::Output>;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Vec<F::Output>> {
        todo!("poll those that run, and give the values when none is left")
    }
}
// ANCHOR_END: stub
