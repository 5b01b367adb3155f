//! Exercise to cancellation/futurelock.html: repair a wait that complains
//! when it takes long, and then hangs.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use exercises::notify::Notify;

// ANCHOR: stub
/// Waits to be told. When `patience` is over first, says so with `complain`,
/// and goes on waiting. Returns whether it had to complain.
///
/// When it has complained, it is never told. Repair it.
pub async fn told<P>(
    notify: &Notify,
    mut patience: P,
    complain: impl FnOnce(),
) -> bool
where
    P: Future<Output = ()> + Unpin,
{
    let mut first = notify.notified();
    let is_told = poll_fn(|cx| {
        if Pin::new(&mut first).poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        Pin::new(&mut patience).poll(cx).map(|()| false)
    });
    if is_told.await {
        return false;
    }
    complain();
    notify.notified().await;
    true
}
// ANCHOR_END: stub
