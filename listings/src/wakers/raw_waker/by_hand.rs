//! A waker over an `Arc`, its table of functions written by hand.

// ANCHOR: bell
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::{RawWaker, RawWakerVTable, Waker};

/// What the wakers of this chapter lead to.
#[derive(Debug, Default)]
pub struct Bell {
    rings: AtomicU32,
    clones: AtomicU32,
}

impl Bell {
    /// How often it was woken.
    pub fn rings(&self) -> u32 {
        self.rings.load(Relaxed)
    }

    /// How often one of its wakers was cloned.
    pub fn clones(&self) -> u32 {
        self.clones.load(Relaxed)
    }

    fn ring(&self) {
        self.rings.fetch_add(1, Relaxed);
    }
}
// ANCHOR_END: bell

// ANCHOR: waker
impl Bell {
    /// A waker that rings this bell.
    pub fn waker(self: Arc<Bell>) -> Waker {
        let data = Arc::into_raw(self).cast();
        // SAFETY: `data` is one counted handle to a `Bell`, and the waker owns
        // it now. The functions of `TABLE` expect such a pointer, keep the
        // contract, and may run on any thread: `Bell` is `Send` and `Sync`.
        unsafe { Waker::new(data, &TABLE) }
    }
}
// ANCHOR_END: waker

// ANCHOR: table
pub(super) static TABLE: RawWakerVTable =
    RawWakerVTable::new(clone, wake, wake_by_ref, release);

/// Adds a handle. `data` comes from [`Bell::waker`], here and below.
pub(super) unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the waker that is cloned is a handle, so the bell is there.
    unsafe {
        (*data.cast::<Bell>()).clones.fetch_add(1, Relaxed);
        Arc::increment_strong_count(data.cast::<Bell>());
    }
    RawWaker::new(data, &TABLE)
}

/// Rings, and gives the handle up.
pub(super) unsafe fn wake(data: *const ()) {
    // SAFETY: the waker that is woken was a handle, and it is not used again.
    let bell = unsafe { Arc::from_raw(data.cast::<Bell>()) };
    bell.ring();
}

/// Rings.
pub(super) unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the waker that is woken is a handle, so the bell is there.
    let bell = unsafe { &*data.cast::<Bell>() };
    bell.ring();
}

/// Gives the handle up.
pub(super) unsafe fn release(data: *const ()) {
    // SAFETY: the waker that is dropped was a handle, and is not used again.
    drop(unsafe { Arc::from_raw(data.cast::<Bell>()) });
}
// ANCHOR_END: table

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::Context;
    use std::thread;

    use super::*;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::every_waker::Gate;
    use crate::wakers::oneshot::closed::channel;

    #[test]
    fn each_function_leaves_the_count_that_it_should() {
        let bell = Arc::new(Bell::default());
        let handles = || Arc::strong_count(&bell);
        let first = bell.clone().waker();
        assert_eq!(handles(), 2);
        let second = first.clone();
        assert_eq!((handles(), bell.clones()), (3, 1));
        second.wake_by_ref();
        assert_eq!((handles(), bell.rings()), (3, 1));
        second.wake();
        assert_eq!((handles(), bell.rings()), (2, 2));
        drop(first);
        assert_eq!((handles(), bell.rings()), (1, 2));
    }

    #[test]
    fn the_last_waker_drops_the_bell() {
        let bell = Arc::new(Bell::default());
        let weak = Arc::downgrade(&bell);
        let waker = bell.waker();
        let clone = waker.clone();
        drop(waker);
        assert!(weak.upgrade().is_some());
        clone.wake();
        assert!(weak.upgrade().is_none());
    }

    #[test]
    fn a_clone_wakes_the_same_task_and_another_bell_is_another_task() {
        let (one, two) = (Arc::new(Bell::default()), Arc::default());
        let waker = one.waker();
        assert!(waker.will_wake(&waker.clone()));
        assert!(!waker.will_wake(&Bell::waker(two)));
    }

    #[test]
    fn will_wake_and_clone_from_the_same_task_clone_nothing() {
        let bell = Arc::new(Bell::default());
        let (mut kept, new) = (bell.clone().waker(), bell.clone().waker());
        assert!(kept.will_wake(&new));
        kept.clone_from(&new);
        assert_eq!((bell.clones(), Arc::strong_count(&bell)), (0, 3));
    }

    #[test]
    fn clone_from_another_task_clones_once_and_drops_the_old_one() {
        let (old, new) = (Arc::new(Bell::default()), Arc::default());
        let mut kept = old.clone().waker();
        let newest = Bell::waker(Arc::clone(&new));
        kept.clone_from(&newest);
        assert_eq!((old.clones(), new.clones()), (0, 1));
        assert_eq!((Arc::strong_count(&old), Arc::strong_count(&new)), (1, 3));
    }

    #[test]
    fn a_thousand_polls_of_tokios_receiver_are_one_clone() {
        let (_sender, mut receiver) = tokio::sync::oneshot::channel::<u32>();
        let bell = Arc::new(Bell::default());
        let waker = bell.clone().waker();
        for _ in 0..1000 {
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut receiver).poll(&mut cx).is_pending());
        }
        assert_eq!(bell.clones(), 1);
    }

    #[test]
    fn a_thousand_polls_of_the_gate_that_keeps_all_are_a_thousand() {
        let mut wait = Gate::default().wait();
        let bell = Arc::new(Bell::default());
        let waker = bell.clone().waker();
        for _ in 0..1000 {
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut wait).poll(&mut cx).is_pending());
        }
        assert_eq!(bell.clones(), 1000);
    }

    #[test]
    fn threads_may_clone_wake_and_drop_at_once() {
        const TIMES: u32 = 1000;
        let bell = Arc::new(Bell::default());
        let waker = bell.clone().waker();
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..TIMES {
                        let (one, two) = (waker.clone(), waker.clone());
                        one.wake();
                        drop(two);
                    }
                });
            }
        });
        assert_eq!((bell.rings(), bell.clones()), (2 * TIMES, 4 * TIMES));
        assert_eq!(Arc::strong_count(&bell), 2);
    }

    #[test]
    fn a_future_can_keep_it_past_its_runner() {
        let (sender, mut receiver) = channel();
        let bell = Arc::new(Bell::default());
        let waker = bell.clone().waker();
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(&mut receiver).poll(&mut cx).is_pending());
        drop(waker);
        assert_eq!(sender.send(7), Ok(()));
        assert_eq!((bell.rings(), Arc::strong_count(&bell)), (1, 1));
        assert_eq!(block_on(receiver), Ok(7));
    }
}
