//! A runner whose waker keeps a flag of its own, so that no wake is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Wake, Waker};
use std::thread::{self, Thread};

use super::spin::run;

// ANCHOR: parker
/// Puts one thread to sleep until a wake. It remembers a wake that comes
/// while the thread is awake; several such wakes are one.
#[derive(Debug)]
pub struct Parker {
    woken: AtomicBool,
    thread: Thread,
}

impl Parker {
    /// A parker for this thread.
    pub fn current() -> Parker {
        Parker { woken: AtomicBool::new(false), thread: thread::current() }
    }

    /// Takes the wake if there is one, or else sleeps until there is. To be
    /// called on the thread it was made on.
    pub fn park(&self) {
        // Acquire: what was done before the wake is seen after it.
        while !self.woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}
// ANCHOR_END: parker

// ANCHOR: block_on
/// Runs `future` to its end on this thread, which sleeps while it waits.
///
/// Code in a poll may park, and may call `block_on` again: each call has a
/// parker of its own.
///
/// # Panics
/// When the future panics.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let parker = Arc::new(Parker::current());
    let waker = Waker::from(parker.clone());
    run(future, &waker, || parker.park())
}
// ANCHOR_END: block_on

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn, ready};
    use std::sync::mpsc::{Receiver, channel};
    use std::task::Poll;
    use std::time::Duration;

    use crate::proof::watchdog;
    use crate::wakers::block_on::job::{ask, count_polls};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

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
    fn a_ready_future_is_polled_once() {
        assert_eq!(block_on(count_polls(ready(1))), (1, 1));
    }

    #[test]
    fn one_wake_is_one_more_poll() {
        let run = || block_on(count_polls(ask(|| 42)));
        assert_eq!(watchdog(LIMIT, run), Ok((42, 2)));
    }

    #[test]
    fn without_a_wake_it_sleeps_for_good() {
        let limit = Duration::from_millis(50);
        assert!(watchdog(limit, || block_on(pending::<()>())).is_err());
    }

    #[test]
    fn a_wake_is_kept_when_code_in_the_poll_parks() {
        let parks = || {
            thread::current().unpark();
            thread::park();
        };
        let run = move || block_on(count_polls(once(parks)));
        assert_eq!(watchdog(LIMIT, run), Ok((42, 2)));
    }

    #[test]
    fn a_wake_is_kept_when_code_in_the_poll_blocks_on_another() {
        let inner = || assert_eq!(block_on(once(|| ())), 42);
        let run = move || block_on(count_polls(once(inner)));
        assert_eq!(watchdog(LIMIT, run), Ok((42, 2)));
    }

    /// A thread that wakes itself `wakes` times and then parks twice: it,
    /// its waker, and its report of each return from `park`.
    fn sleeper(wakes: u32) -> (Thread, Waker, Receiver<&'static str>) {
        let (to_us, report) = channel();
        let (sender, wakers) = channel();
        let thread = thread::spawn(move || {
            let parker = Arc::new(Parker::current());
            let waker = Waker::from(parker.clone());
            (0..wakes).for_each(|_| waker.wake_by_ref());
            sender.send(waker).unwrap();
            for time in ["first", "second"] {
                parker.park();
                to_us.send(time).unwrap();
            }
        });
        let waker = wakers.recv_timeout(LIMIT).unwrap();
        (thread.thread().clone(), waker, report)
    }

    const A_WHILE: Duration = Duration::from_millis(50);

    #[test]
    fn an_unpark_that_is_no_wake_is_slept_through() {
        let (thread, waker, report) = sleeper(0);
        thread.unpark();
        assert!(report.recv_timeout(A_WHILE).is_err(), "it sleeps on");
        waker.wake_by_ref();
        assert_eq!(report.recv_timeout(LIMIT), Ok("first"));
        waker.wake();
        assert_eq!(report.recv_timeout(LIMIT), Ok("second"));
    }

    #[test]
    fn two_wakes_while_awake_are_one() {
        let (_, waker, report) = sleeper(2);
        assert_eq!(report.recv_timeout(LIMIT), Ok("first"));
        assert!(report.recv_timeout(A_WHILE).is_err(), "it sleeps");
        waker.wake();
        assert_eq!(report.recv_timeout(LIMIT), Ok("second"));
    }

    #[test]
    fn a_thousand_wakes_from_another_thread_arrive() {
        let run = || {
            let (to_worker, wakers) = channel::<Waker>();
            let worker = thread::spawn(move || {
                wakers.iter().for_each(Waker::wake);
            });
            let mut left = 1000;
            block_on(poll_fn(|cx| {
                if left == 0 {
                    return Poll::Ready(());
                }
                left -= 1;
                to_worker.send(cx.waker().clone()).unwrap();
                Poll::Pending
            }));
            drop(to_worker);
            worker.join().unwrap();
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn waking_after_the_end_is_allowed() {
        let mut kept = None;
        block_on(poll_fn(|cx| {
            kept = Some(cx.waker().clone());
            Poll::Ready(())
        }));
        kept.expect("it was polled").wake();
    }

    #[test]
    fn the_runner_has_fewer_than_sixty_lines_of_code() {
        let code = |file: &str| {
            let (code, _) = file.split_once("#[cfg(test)]").unwrap();
            let lines = code.lines().map(str::trim_start);
            lines.filter(|l| !l.is_empty() && !l.starts_with("//")).count()
        };
        let lines =
            code(include_str!("flag.rs")) + code(include_str!("spin.rs"));
        assert!(lines < 60, "{lines}");
    }
}
