//! A loop that polls its stream while its body waits.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

pub trait Stream {
    type Item;
    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>>;
}

/// How many values may wait to be processed.
const LIMIT: usize = 16;

/// Processes the values of `stream` in their order, one at a time, and polls
/// the stream meanwhile.
pub async fn process_all<S, P>(mut stream: S, mut process: P)
where
    S: Stream + Unpin,
    P: AsyncFnMut(S::Item),
{
    let (mut here, mut has_ended) = (VecDeque::new(), false);
    loop {
        if here.is_empty() && !has_ended {
            let next = poll_fn(|cx| Pin::new(&mut stream).poll_next(cx));
            here.extend(next.await);
        }
        let Some(item) = here.pop_front() else { return };
        let mut work = pin!(process(item));
        let both = poll_fn(|cx| {
            while !has_ended && here.len() < LIMIT {
                match Pin::new(&mut stream).poll_next(cx) {
                    Poll::Ready(Some(item)) => here.push_back(item),
                    Poll::Ready(None) => has_ended = true,
                    Poll::Pending => break,
                }
            }
            work.as_mut().poll(cx)
        });
        both.await;
    }
}
