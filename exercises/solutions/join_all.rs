//! A join of any number of futures.

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
        let sides = self.sides.as_mut();
        let sides = sides.expect("`JoinAll` polled after completion");
        let mut running = 0;
        for side in sides {
            let Side::Running(future) = side else { continue };
            match Pin::new(future).poll(cx) {
                Poll::Ready(value) => *side = Side::Done(value),
                Poll::Pending => running += 1,
            }
        }
        if running > 0 {
            return Poll::Pending;
        }
        let values = self.sides.take().into_iter().flatten();
        let values = values.filter_map(|side| match side {
            Side::Done(value) => Some(value),
            Side::Running(_) => None,
        });
        Poll::Ready(values.collect())
    }
}
