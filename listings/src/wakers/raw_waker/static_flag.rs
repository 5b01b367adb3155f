//! A waker without an allocation: it leads to a static.

// ANCHOR: flag
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering::Release};
use std::task::{RawWaker, RawWakerVTable, Waker};

/// A waker that raises `flag`.
pub fn waker(flag: &'static AtomicBool) -> Waker {
    // SAFETY: the flag lives as long as the program, so a waker holds
    // nothing: a clone copies the address and a drop does nothing. An atomic
    // may be used on any thread.
    unsafe { Waker::new(ptr::from_ref(flag).cast(), &TABLE) }
}

static TABLE: RawWakerVTable =
    RawWakerVTable::new(copy, raise, raise, |_flag| ());

unsafe fn copy(flag: *const ()) -> RawWaker {
    RawWaker::new(flag, &TABLE)
}

unsafe fn raise(flag: *const ()) {
    // SAFETY: `waker` made this address of an `&'static AtomicBool`.
    let flag = unsafe { &*flag.cast::<AtomicBool>() };
    // A swap: a `store` would hide what was done before an earlier wake.
    flag.swap(true, Release);
}
// ANCHOR_END: flag

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::Acquire;
    use std::thread;

    use super::*;

    #[test]
    fn each_kind_of_wake_raises_the_flag() {
        static FLAG: AtomicBool = AtomicBool::new(false);
        let waker = waker(&FLAG);
        waker.wake_by_ref();
        assert!(FLAG.swap(false, Acquire));
        let clone = waker.clone();
        clone.wake();
        assert!(FLAG.swap(false, Acquire));
        thread::spawn(move || waker.wake()).join().unwrap();
        assert!(FLAG.load(Acquire));
    }

    #[test]
    fn two_wakers_of_one_flag_know_each_other() {
        static ONE: AtomicBool = AtomicBool::new(false);
        static TWO: AtomicBool = AtomicBool::new(false);
        assert!(waker(&ONE).will_wake(&waker(&ONE).clone()));
        assert!(!waker(&ONE).will_wake(&waker(&TWO)));
    }

    #[test]
    fn to_drop_it_wakes_nobody() {
        static FLAG: AtomicBool = AtomicBool::new(false);
        drop(waker(&FLAG));
        assert!(!FLAG.load(Acquire));
    }
}
