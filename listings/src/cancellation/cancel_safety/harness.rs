//! Drops an operation after each number of polls, and compares what is left.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use crate::runtimes::executor::yield_now::yield_now;

// ANCHOR: polls
/// Polls `future` up to `polls` times, and drops it. After each poll that is
/// pending, the other side takes a step. Returns the value, if it was ready.
async fn poll_and_drop<G>(
    polls: usize,
    future: impl Future<Output = G>,
    mut step: impl AsyncFnMut(),
) -> Option<G> {
    let mut future = pin!(future);
    for _ in 0..polls {
        let poll = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx)));
        if let Poll::Ready(value) = poll.await {
            return Some(value);
        }
        step().await;
    }
    None
}
// ANCHOR_END: polls

// ANCHOR: run
/// A call that is still pending after so many polls waits for something that
/// never comes.
const ENOUGH: usize = 60;

/// Drops a first call after `cut` polls, if there is a number, and makes two
/// more calls. Returns what we got and what the other side received, or
/// `None` if the first call was ready before it could be dropped.
async fn run<H, T, G, R>(
    cut: Option<usize>,
    set_up: impl AsyncFn() -> (H, T),
    operation: impl AsyncFn(&mut H) -> G,
    other_side: impl AsyncFn(&mut T, usize) -> Option<R>,
) -> Option<(Vec<G>, Vec<R>)> {
    let (mut here, mut there) = set_up().await;
    let (mut got, mut received, mut turn) = (Vec::new(), Vec::new(), 0);
    let mut step = async || {
        // Tokio's operations have a budget for each poll of this task.
        yield_now().await;
        received.extend(other_side(&mut there, turn).await);
        turn += 1;
    };
    if let Some(polls) = cut {
        let first = operation(&mut here);
        if poll_and_drop(polls, first, &mut step).await.is_some() {
            return None;
        }
    }
    for _ in 0..2 {
        let call = operation(&mut here);
        got.extend(poll_and_drop(ENOUGH, call, &mut step).await);
    }
    for _ in 0..ENOUGH {
        step().await;
    }
    Some((got, received))
}
// ANCHOR_END: run

// ANCHOR: cut
/// What was lost: the results of two calls, without and with a dropped call
/// before them. Each is a pair: what we got, what the other side received.
#[derive(Debug, PartialEq)]
pub struct Lost<G, R> {
    /// After this many polls the first call was dropped.
    pub polls: usize,
    /// Without a dropped call.
    pub whole: (Vec<G>, Vec<R>),
    /// After a dropped call.
    pub cut: (Vec<G>, Vec<R>),
}

/// Drops a call after no poll, after one poll, and so on, until the call is
/// ready first. Returns in how many places it was dropped. A call that is
/// never ready is dropped in ever more places, without an end.
///
/// # Errors
/// [`Lost`] for the first place where the two calls that follow differ.
pub async fn cut_at_each_poll<H, T, G: PartialEq, R: PartialEq>(
    set_up: impl AsyncFn() -> (H, T),
    operation: impl AsyncFn(&mut H) -> G,
    other_side: impl AsyncFn(&mut T, usize) -> Option<R>,
) -> Result<usize, Lost<G, R>> {
    let trial = async |cut| run(cut, &set_up, &operation, &other_side).await;
    let whole = trial(None).await.expect("no call is dropped");
    let mut polls = 0;
    while let Some(cut) = trial(Some(polls)).await {
        if cut != whole {
            return Err(Lost { polls, whole, cut });
        }
        polls += 1;
    }
    Ok(polls)
}
// ANCHOR_END: cut

#[cfg(test)]
mod tests {
    use std::mem;

    use tokio::sync::mpsc;

    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::wakers::block_on::flag::block_on;

    #[test]
    fn a_number_that_is_kept_in_the_future_is_lost_with_it() {
        // The other side brings one number in each turn.
        let arrivals = async || {
            let (sender, receiver) = std::sync::mpsc::channel();
            (receiver, sender)
        };
        let brings = async |sender: &mut std::sync::mpsc::Sender<usize>, n| {
            sender.send(n).ok()?;
            None::<()>
        };
        // The operation waits until it has two of them.
        let takes_two = async |receiver: &mut std::sync::mpsc::Receiver<_>| {
            let mut two = Vec::new();
            while two.len() < 2 {
                two.extend(receiver.try_recv().ok());
                countdown(1).await;
            }
            two
        };
        let run = cut_at_each_poll(arrivals, takes_two, brings);
        let lost = block_on(run).expect_err("the first number is lost");
        assert_eq!(lost.polls, 2);
        assert_eq!(lost.whole.0, [[0, 1], [2, 3]]);
        assert_eq!(lost.cut.0, [[1, 2], [3, 4]]);
    }

    #[test]
    fn an_operation_that_waits_in_vain_ends_and_is_seen() {
        let run = cut_at_each_poll(
            async || ([1, 2].into_iter(), ()),
            async |left| match left.next() {
                Some(number) => {
                    countdown(1).await;
                    number
                }
                None => std::future::pending().await,
            },
            async |(), _| None::<()>,
        );
        let lost = block_on(run).expect_err("a number is lost");
        assert_eq!((lost.polls, lost.cut.0), (1, vec![2]));
    }

    #[tokio::test]
    async fn an_operation_of_tokio_may_need_many_polls() {
        type Batch = (mpsc::Receiver<usize>, Vec<usize>);
        let safe = cut_at_each_poll(
            async || {
                let (sender, receiver) = mpsc::channel(9 * ENOUGH);
                ((receiver, Vec::new()), sender)
            },
            async |(receiver, batch): &mut Batch| {
                while batch.len() < 10 {
                    batch.extend(receiver.recv().await);
                }
                mem::take(batch)
            },
            async |sender: &mut mpsc::Sender<usize>, turn| {
                sender.try_send(turn).expect("there is a place");
                None::<()>
            },
        );
        assert_eq!(safe.await, Ok(11));
    }

    #[test]
    fn an_operation_that_loses_nothing_counts_its_places() {
        let run = cut_at_each_poll(
            async || ((), ()),
            async |()| countdown(3).await,
            async |(), _| None::<()>,
        );
        assert_eq!(block_on(run), Ok(4));
    }
}
