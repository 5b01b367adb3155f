//! A waker over an `Rc`. It must stay on its thread, and nothing in its type
//! says so.

// ANCHOR: local
use std::cell::Cell;
use std::rc::Rc;
use std::task::{RawWaker, RawWakerVTable, Waker};

/// A bell for one thread.
#[derive(Debug, Default)]
pub struct LocalBell {
    rings: Cell<u32>,
}

impl LocalBell {
    /// A waker that rings this bell.
    ///
    /// # Safety
    /// The waker and its clones stay on the thread where the `Rc` is.
    pub unsafe fn waker(self: Rc<LocalBell>) -> Waker {
        let data = Rc::into_raw(self).cast();
        // SAFETY: `data` is a handle to the bell, and now the waker's. The
        // rule about threads is broken: the caller has to make up for it.
        unsafe { Waker::new(data, &TABLE) }
    }

    /// How often it was woken.
    pub fn rings(&self) -> u32 {
        self.rings.get()
    }

    fn ring(&self) {
        self.rings.set(self.rings.get() + 1);
    }
}
// ANCHOR_END: local

static TABLE: RawWakerVTable =
    RawWakerVTable::new(clone, wake, wake_by_ref, release);

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: on its own thread, a waker is a handle that `waker` gave away.
    unsafe { Rc::increment_strong_count(data.cast::<LocalBell>()) };
    RawWaker::new(data, &TABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: as for `clone`, and this handle is not used again.
    let bell = unsafe { Rc::from_raw(data.cast::<LocalBell>()) };
    bell.ring();
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: as for `clone`.
    let bell = unsafe { &*data.cast::<LocalBell>() };
    bell.ring();
}

unsafe fn release(data: *const ()) {
    // SAFETY: as for `wake`.
    drop(unsafe { Rc::from_raw(data.cast::<LocalBell>()) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_its_own_thread_nothing_is_wrong_with_it() {
        let bell: Rc<LocalBell> = Rc::default();
        // SAFETY: it stays on this thread.
        let waker = unsafe { bell.clone().waker() };
        let clone = waker.clone();
        clone.wake();
        waker.wake_by_ref();
        assert_eq!((bell.rings(), Rc::strong_count(&bell)), (2, 2));
        drop(waker);
        assert_eq!(Rc::strong_count(&bell), 1);
    }

    #[test]
    fn its_type_lets_it_go_to_any_thread() {
        fn may_be_sent<T: Send + Sync>(_: &T) {}
        let bell: Rc<LocalBell> = Rc::default();
        // SAFETY: it stays on this thread.
        may_be_sent(&unsafe { bell.waker() });
    }
}
