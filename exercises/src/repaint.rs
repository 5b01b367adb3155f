//! Exercise to boundary/toolkits.html: a value that loads, for an
//! interface that is drawn frame by frame.

use std::marker::PhantomData;

// ANCHOR: stub
/// A value that is loading, for an interface that is drawn frame by frame.
pub struct Promise<T> {
    // The future, the value once it is there, and what else you need.
    kept: PhantomData<T>,
}

impl<T> Promise<T> {
    /// `request_repaint` asks for a frame, from any thread. The waker of
    /// `future` calls it.
    pub fn new(
        future: impl Future<Output = T> + 'static,
        request_repaint: impl Fn() + Send + Sync + 'static,
    ) -> Promise<T> {
        let _ = (future, request_repaint);
        todo!("keep the future, and make its waker")
    }

    /// Called in each frame: the value, once it is there.
    ///
    /// The first call polls the future. A later call polls it only if it was
    /// woken since: the mouse may bring frames that have nothing to do with
    /// the future.
    pub fn ready(&mut self) -> Option<&T> {
        todo!("poll at most once")
    }
}
// ANCHOR_END: stub
