//! Exercise to wakers/raw-waker.html: a waker that keeps nothing alive.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Weak};
use std::task::{RawWaker, RawWakerVTable, Waker};

/// What the wakers lead to.
#[derive(Debug, Default)]
pub struct Bell {
    rings: AtomicU32,
}

impl Bell {
    /// How often it was woken.
    pub fn rings(&self) -> u32 {
        self.rings.load(Relaxed)
    }

    fn ring(&self) {
        self.rings.fetch_add(1, Relaxed);
    }
}

/// A waker that rings the bell while there is one, and does not keep it.
pub fn waker(bell: &Arc<Bell>) -> Waker {
    let data = Weak::into_raw(Arc::downgrade(bell)).cast();
    // SAFETY: `data` is a weak handle to a `Bell`, and now the waker's. The
    // functions of `TABLE` take it for that, and may run on any thread.
    unsafe { Waker::new(data, &TABLE) }
}

static TABLE: RawWakerVTable =
    RawWakerVTable::new(clone, wake, wake_by_ref, release);

// ANCHOR: stub
// `data` is a `Weak<Bell>` that went through `Weak::into_raw`: each waker is
// one weak handle. Say in a `SAFETY:` line why each block may do what it does.

unsafe fn clone(data: *const ()) -> RawWaker {
    todo!("one weak handle more")
}

unsafe fn wake(data: *const ()) {
    todo!("ring if the bell is there, and take the handle")
}

unsafe fn wake_by_ref(data: *const ()) {
    todo!("ring if the bell is there, and leave the handle")
}

unsafe fn release(data: *const ()) {
    // Empty, so that the test that fails does not panic in a destructor.
}
// ANCHOR_END: stub
