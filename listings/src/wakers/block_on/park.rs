//! A runner that sleeps between two polls. It can lose a wake.

use std::sync::Arc;
use std::task::{Wake, Waker};
use std::thread::{self, Thread};

use super::spin::run;

// ANCHOR: unpark
/// A waker that unparks the thread it was made for.
#[derive(Debug)]
pub struct Unpark(pub Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
// ANCHOR_END: unpark

// ANCHOR: block_on
/// Runs `future` to its end on this thread, which sleeps while it waits.
///
/// It can hang when code in a poll parks this thread: a wake is lost.
///
/// # Panics
/// When the future panics.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    run(future, &waker, thread::park)
}
// ANCHOR_END: block_on

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn, ready};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc::channel;
    use std::task::Poll;
    use std::time::Duration;

    use crate::proof::watchdog;
    use crate::wakers::block_on::job::{ask, count_polls};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn a_ready_future_is_polled_once() {
        assert_eq!(block_on(count_polls(ready(1))), (1, 1));
    }

    #[test]
    fn one_wake_is_one_more_poll() {
        let run = || block_on(count_polls(ask(|| 42)));
        assert_eq!(watchdog(LIMIT, run), Ok((42, 2)));
    }

    #[test]
    fn a_wake_before_the_park_is_not_lost() {
        let mut woken = false;
        let wakes_itself = poll_fn(move |cx| {
            if std::mem::replace(&mut woken, true) {
                return Poll::Ready(7);
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        });
        assert_eq!(watchdog(LIMIT, || block_on(wakes_itself)), Ok(7));
    }

    #[test]
    fn without_a_wake_it_sleeps_for_good() {
        let limit = Duration::from_millis(50);
        assert!(watchdog(limit, || block_on(pending::<()>())).is_err());
    }

    /// Runs a future whose first poll wakes and then does `meanwhile`, and
    /// whose second one is ready. Checks that it hangs after the first, and
    /// that the wake is all that it lacks.
    fn hangs_when_a_poll_does(meanwhile: impl Fn() + Send + 'static) {
        let polls = Arc::new(AtomicU32::new(0));
        let job = {
            let polls = polls.clone();
            poll_fn(move |cx| {
                if polls.fetch_add(1, Ordering::SeqCst) == 1 {
                    return Poll::Ready(42);
                }
                cx.waker().wake_by_ref();
                meanwhile();
                Poll::Pending
            })
        };
        let (sender, parking) = channel();
        let (done, result) = channel();
        let runner = thread::spawn(move || {
            let waker = Waker::from(Arc::new(Unpark(thread::current())));
            let value = run(job, &waker, || {
                sender.send(()).unwrap();
                thread::park();
            });
            done.send(value).unwrap();
        });
        parking.recv_timeout(LIMIT).expect("it goes to sleep");
        let limit = Duration::from_millis(100);
        assert!(result.recv_timeout(limit).is_err(), "it hangs");
        assert_eq!(polls.load(Ordering::SeqCst), 1);
        runner.thread().unpark();
        assert_eq!(result.recv_timeout(LIMIT), Ok(42));
    }

    #[test]
    fn a_wake_is_lost_when_code_in_the_poll_parks() {
        hangs_when_a_poll_does(|| {
            // Two unparks are one token, and the code takes it.
            thread::current().unpark();
            thread::park();
        });
    }

    #[test]
    fn a_wake_is_lost_when_code_in_the_poll_waits_on_a_channel() {
        let (_sender, receiver) = channel::<()>();
        hangs_when_a_poll_does(move || {
            let limit = Duration::from_millis(500);
            assert!(receiver.recv_timeout(limit).is_err(), "it is empty");
        });
    }

    #[test]
    fn a_wake_is_lost_when_code_in_the_poll_blocks_on_another() {
        hangs_when_a_poll_does(|| {
            let mut polled = false;
            block_on(poll_fn(|cx| {
                if std::mem::replace(&mut polled, true) {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            }));
        });
    }
}
