//! A waker over a `Weak`: it does not keep its task alive.

use std::mem::ManuallyDrop;
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

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the waker that is cloned is a weak handle, and stays one.
    let weak =
        unsafe { ManuallyDrop::new(Weak::from_raw(data.cast::<Bell>())) };
    RawWaker::new(Weak::into_raw(Weak::clone(&weak)).cast(), &TABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: the waker that is woken was a weak handle, and is used up.
    let weak = unsafe { Weak::from_raw(data.cast::<Bell>()) };
    if let Some(bell) = weak.upgrade() {
        bell.ring();
    }
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the waker that is woken is a weak handle, and stays one.
    let weak =
        unsafe { ManuallyDrop::new(Weak::from_raw(data.cast::<Bell>())) };
    if let Some(bell) = weak.upgrade() {
        bell.ring();
    }
}

unsafe fn release(data: *const ()) {
    // SAFETY: the waker that is dropped was a weak handle, and is used up.
    drop(unsafe { Weak::from_raw(data.cast::<Bell>()) });
}
