//! A runner that makes its parker once per thread.

use std::cell::Cell;
use std::sync::Arc;
use std::task::Waker;

use super::flag::{self, Parker};
use super::spin::run;

// ANCHOR: block_on
thread_local! {
    static PARKER: (Arc<Parker>, Waker) = {
        let parker = Arc::new(Parker::current());
        (parker.clone(), Waker::from(parker))
    };
    static IN_USE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `future` to its end on this thread, which sleeps while it waits.
///
/// The thread keeps its parker from call to call. A call within a call, any
/// call after one that panicked, and one at the very end of its thread make
/// their own. A late wake for an earlier future can cost the next future one
/// poll more.
///
/// # Panics
/// When the future panics.
#[inline]
pub fn block_on<F: Future>(future: F) -> F::Output {
    // At the end of a thread its parker may be gone already.
    if IN_USE.replace(true) || PARKER.try_with(|_| ()).is_err() {
        return block_on_inside(future);
    }
    let value =
        PARKER.with(|(parker, waker)| run(future, waker, || parker.park()));
    IN_USE.set(false);
    value
}

// Rare. Kept apart, so that `block_on` stays small enough to be inlined.
#[cold]
fn block_on_inside<F: Future>(future: F) -> F::Output {
    flag::block_on(future)
}
// ANCHOR_END: block_on

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::{poll_fn, ready};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc::channel;
    use std::task::Poll;
    use std::thread;
    use std::time::Duration;

    use crate::proof::hostile::OnDrop;
    use crate::proof::watchdog;
    use crate::wakers::block_on::job::{ask, count_polls};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    /// The waker that a call hands to its future.
    fn its_waker() -> Waker {
        block_on(poll_fn(|cx| Poll::Ready(cx.waker().clone())))
    }

    /// Pending, with a wake and then `meanwhile`, and ready when polled again.
    fn once(mut meanwhile: impl FnMut()) -> impl Future<Output = u32> {
        let mut polled = false;
        poll_fn(move |cx| {
            if std::mem::replace(&mut polled, true) {
                return Poll::Ready(42);
            }
            cx.waker().wake_by_ref();
            meanwhile();
            Poll::Pending
        })
    }

    #[test]
    fn one_wake_is_one_more_poll() {
        let run = || block_on(count_polls(ask(|| 42)));
        assert_eq!(watchdog(LIMIT, run), Ok((42, 2)));
    }

    #[test]
    fn calls_on_one_thread_share_a_waker() {
        let run = || its_waker().will_wake(&its_waker());
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn threads_do_not_share_one() {
        let here = its_waker();
        let other = thread::spawn(its_waker).join().unwrap();
        assert!(!here.will_wake(&other));
    }

    #[test]
    fn a_call_within_a_call_has_its_own() {
        let outer_and_inner = poll_fn(|cx| {
            let (outer, inner) = (cx.waker().clone(), its_waker());
            Poll::Ready(outer.will_wake(&inner))
        });
        assert!(!block_on(outer_and_inner));
    }

    #[test]
    fn a_wake_is_kept_when_code_in_the_poll_blocks_on_another() {
        let inner = || assert_eq!(block_on(once(|| ())), 42);
        let run = move || block_on(count_polls(once(inner)));
        assert_eq!(watchdog(LIMIT, run), Ok((42, 2)));
    }

    #[test]
    fn a_late_wake_costs_the_next_future_one_poll() {
        let polls = || {
            its_waker().wake();
            // The flag is still up: this one is polled twice without a wake.
            let mut polled = false;
            block_on(poll_fn(move |_| {
                match std::mem::replace(&mut polled, true) {
                    true => Poll::Ready(2),
                    false => Poll::Pending,
                }
            }))
        };
        assert_eq!(watchdog(LIMIT, polls), Ok(2));
    }

    #[test]
    fn a_thread_local_destructor_may_call_it() {
        thread_local! {
            static LATE: RefCell<Option<OnDrop>> = const { RefCell::new(None) };
        }
        let (sender, answer) = channel();
        let ends = thread::spawn(move || {
            // It was there before the parker, so it is dropped after it.
            LATE.set(Some(OnDrop::new(move || {
                sender.send(block_on(ready(7))).expect("we listen");
            })));
            block_on(ready(1))
        });
        assert_eq!(answer.recv_timeout(LIMIT), Ok(7));
        assert_eq!(ends.join().expect("it does not panic"), 1);
    }

    #[test]
    fn after_a_panic_it_works_as_before() {
        let bad = || block_on(async { panic!("on purpose") });
        assert!(catch_unwind(AssertUnwindSafe(bad)).is_err());
        assert_eq!(block_on(count_polls(ready(1))), (1, 1));
    }
}
