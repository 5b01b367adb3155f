//! Wakes many, and one that panics does not keep the others asleep.

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::task::Waker;
use std::thread;

// ANCHOR: wake_all
/// Wakes every waker of `wakers`. To be called when no lock is held.
///
/// # Panics
/// When a waker panics, with the first such panic, after all were woken. On a
/// thread that is unwinding already it does not panic: that would end the
/// process.
pub fn wake_all(wakers: impl IntoIterator<Item = Waker>) {
    let mut first = None;
    for waker in wakers {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| waker.wake())) {
            match first {
                None => first = Some(panic),
                Some(_) => discard(panic),
            }
        }
    }
    match first {
        Some(panic) if !thread::panicking() => resume_unwind(panic),
        Some(panic) => discard(panic),
        None => {}
    }
}

/// Drops what a panic left behind. Its destructor may panic as well.
pub fn discard(panic: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        // Its destructor may panic again, and so on. It is leaked.
        mem::forget(again);
    }
}
// ANCHOR_END: wake_all

#[cfg(test)]
mod tests {
    use std::panic;

    use super::*;
    use crate::proof::hostile::{
        Caught, Guest, Moment, OnDrop, caught, panics,
    };

    #[test]
    fn one_that_panics_keeps_no_other_asleep() {
        let (bad, good) = (Guest::new(), Guest::new());
        bad.next(Moment::Wake, panics);
        bad.next(Moment::Wake, panics);
        let wakers = [bad.waker(), good.waker(), bad.waker(), good.waker()];
        assert_eq!(caught(|| wake_all(wakers)), Err(Caught::Guest));
        assert_eq!((bad.wakes(), good.wakes()), (2, 2));
        assert_eq!((bad.handles(), good.handles()), (0, 0));
    }

    #[test]
    fn a_payload_whose_destructor_panics_is_no_second_panic() {
        let (bad, good) = (Guest::new(), Guest::new());
        bad.next(Moment::Wake, panics);
        bad.next(Moment::Wake, || {
            panic::resume_unwind(Box::new(OnDrop::panics()));
        });
        let wakers = [bad.waker(), bad.waker(), good.waker()];
        assert_eq!(caught(|| wake_all(wakers)), Err(Caught::Guest));
        assert_eq!(good.wakes(), 1);
    }

    #[test]
    fn on_a_thread_that_unwinds_a_waker_that_panics_ends_nothing() {
        let (bad, good) = (Guest::new(), Guest::new());
        bad.next(Moment::Wake, panics);
        let wakers = [bad.waker(), good.waker()];
        let host = || {
            let _at_the_end = OnDrop::new(|| wake_all(wakers));
            panic::resume_unwind(Box::new("the first panic"));
        };
        let first = Caught::Other("the first panic".to_string());
        assert_eq!(caught::<()>(host), Err(first));
        assert_eq!((bad.wakes(), good.wakes()), (1, 1));
    }
}
