//! Wakers that run a closure when they are cloned, or when the last of them
//! is dropped: what a future must expect of a waker. For the tests.

use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Wake, Waker};

/// A waker that calls `f` each time it is cloned, and else does nothing.
pub fn on_clone(f: impl Fn() + Send + Sync + 'static) -> Waker {
    let data = Arc::into_raw(Arc::new(Box::new(f) as Hook)).cast();
    // SAFETY: `VTABLE` takes `data` for what it is, the pointer of an
    // `Arc<Hook>`, and each waker owns one count of it. A `Hook` may be used
    // on any thread.
    unsafe { Waker::from_raw(RawWaker::new(data, &VTABLE)) }
}

type Hook = Box<dyn Fn() + Send + Sync>;

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |data| {
        // SAFETY: `data` is from `into_raw`, and the waker that is cloned
        // keeps its count.
        let hook = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast()) });
        let hook: &Arc<Hook> = &hook;
        hook();
        RawWaker::new(Arc::into_raw(hook.clone()).cast(), &VTABLE)
    },
    |data| drop_hook(data),
    |_| {},
    |data| drop_hook(data),
);

fn drop_hook(data: *const ()) {
    // SAFETY: called once a waker, whose count this is.
    drop(unsafe { Arc::<Hook>::from_raw(data.cast()) });
}

/// A waker that calls `f` when the last of its clones is dropped.
pub fn on_drop(f: impl FnOnce() + Send + Sync + 'static) -> Waker {
    Waker::from(Arc::new(OnDrop(Some(f))))
}

struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce() + Send + Sync + 'static> Wake for OnDrop<F> {
    fn wake(self: Arc<Self>) {}
}

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(f) = self.0.take() {
            f();
        }
    }
}
