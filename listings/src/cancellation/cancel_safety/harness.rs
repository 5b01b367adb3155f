//! Drops an operation after each number of polls, and compares what is left.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

// ANCHOR: run
/// After so many polls, an operation waits for something that never comes.
const ENOUGH: usize = 60;

/// Drops a first call after `cut` polls, and lets two more calls be ready.
/// Returns what was got here and received there; `None` when the first call
/// was ready, so that there was nothing to drop.
async fn run<H, T, G, R>(
    cut: Option<usize>,
    set_up: impl AsyncFn() -> (H, T),
    operation: impl AsyncFn(&mut H) -> G,
    other_side: impl AsyncFn(&mut T, usize) -> Option<R>,
) -> Option<(Vec<G>, Vec<R>)> {
    let (mut here, mut there) = set_up().await;
    let (mut got, mut received, mut turn) = (Vec::new(), Vec::new(), 0);
    for (call, polls) in cut.into_iter().chain([ENOUGH; 2]).enumerate() {
        let mut future = pin!(operation(&mut here));
        for _ in 0..polls {
            let poll = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx)));
            if let Poll::Ready(value) = poll.await {
                if cut.is_some() && call == 0 {
                    return None;
                }
                got.push(value);
                break;
            }
            received.extend(other_side(&mut there, turn).await);
            turn += 1;
        }
    }
    for turn in turn..turn + ENOUGH {
        received.extend(other_side(&mut there, turn).await);
    }
    Some((got, received))
}
// ANCHOR_END: run

// ANCHOR: cut
/// Shows what is lost.
#[derive(Debug, PartialEq)]
pub struct Lost<G, R> {
    /// After so many polls the first call was dropped.
    pub polls: usize,
    /// What is got here and received there when there is no such call.
    pub whole: (Vec<G>, Vec<R>),
    /// The same after this call.
    pub cut: (Vec<G>, Vec<R>),
}

/// Drops a call after no poll, after one, and so on, until it is ready before
/// that. Returns in how many places nothing was lost.
///
/// # Errors
/// [`Lost`] for the first place where the two calls after it differ.
pub async fn cut_at_each_poll<H, T, G: PartialEq, R: PartialEq>(
    set_up: impl AsyncFn() -> (H, T),
    operation: impl AsyncFn(&mut H) -> G,
    other_side: impl AsyncFn(&mut T, usize) -> Option<R>,
) -> Result<usize, Lost<G, R>> {
    let run = async |cut| run(cut, &set_up, &operation, &other_side).await;
    let whole = run(None).await.expect("no call is dropped");
    let mut polls = 0;
    while let Some(cut) = run(Some(polls)).await {
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
