//! Exercise to runtimes/streams.html: repair a loop in which a stream stands
//! still.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

// ANCHOR: stub
pub trait Stream {
    type Item;
    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>>;
}

/// Processes the values of `stream` in their order, one at a time.
///
/// While `process` waits, nobody polls the stream. Poll it meanwhile, and keep
/// what it gives, but never more than 16 values.
pub async fn process_all<S, P>(mut stream: S, mut process: P)
where
    S: Stream + Unpin,
    P: AsyncFnMut(S::Item),
{
    loop {
        let next = poll_fn(|cx| Pin::new(&mut stream).poll_next(cx));
        let Some(item) = next.await else { return };
        process(item).await;
    }
}
// ANCHOR_END: stub
