//! One thread polls the task, and another one waits in the reactor.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::reactor::Reactor;
use crate::wakers::block_on::flag;

// ANCHOR: block_on
/// Runs `future` on this thread, and the reactor on a thread of its own. While
/// the future is pending, this thread is parked.
///
/// We simplified this: when the kernel refuses to wait, nobody is told.
pub fn block_on<F: Future>(reactor: &Reactor, future: F) -> F::Output {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let _stop = Stop { done: &done, reactor };
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                if reactor.wait().is_err() {
                    break;
                }
            }
        });
        flag::block_on(future)
    })
}

/// Ends the thread of the reactor, also when the future panics.
struct Stop<'a> {
    done: &'a AtomicBool,
    reactor: &'a Reactor,
}

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.done.store(true, Ordering::SeqCst);
        self.reactor.waker().wake();
    }
}
// ANCHOR_END: block_on

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Write;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::pin;
    use std::sync::Mutex;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::super::reactor::{Step, connection};
    use super::super::read::read;
    use super::*;
    use crate::proof::hostile::panics;
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn the_reactor_wakes_from_its_own_thread() {
        let run = || {
            let (here, there) = connection().unwrap();
            let thread = std::sync::Arc::new(Mutex::new(None));
            let note = thread.clone();
            let tell = move |step| match step {
                Step::Watch => (&there).write_all(b"hello").unwrap(),
                Step::Readable => {
                    *note.lock().unwrap() = Some(thread::current().id());
                }
                _ => {}
            };
            let reactor = Reactor::new(here, tell).unwrap();
            let mut buffer = [0; 8];
            let count = block_on(&reactor, read(&reactor, &mut buffer));
            let waits_in = thread.lock().unwrap().unwrap();
            (count.unwrap(), waits_in == thread::current().id())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((5, false)));
    }

    #[test]
    fn the_reactor_notices_an_event_during_a_long_poll() {
        let run = || {
            let (here, there) = connection().unwrap();
            let (noticed, notice) = channel();
            let tell = move |step| match step {
                Step::Watch => (&there).write_all(b"hello").unwrap(),
                Step::Readable => noticed.send(()).unwrap(),
                _ => {}
            };
            let reactor = Reactor::new(here, tell).unwrap();
            let mut buffer = [0; 8];
            let mut read = pin!(read(&reactor, &mut buffer));
            // The first poll ends when the reactor has noticed the bytes.
            let task = poll_fn(|cx| {
                let result = read.as_mut().poll(cx);
                if result.is_pending() {
                    notice.recv().unwrap();
                }
                result
            });
            block_on(&reactor, task).unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(5));
    }

    #[test]
    fn a_panic_of_the_future_ends_the_thread_too() {
        let run = || {
            let (here, _there) = connection().unwrap();
            let reactor = Reactor::new(here, |_| {}).unwrap();
            let poll = || block_on(&reactor, async { panics() });
            catch_unwind(AssertUnwindSafe(poll)).is_err()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }
}
