//! A future whose answer comes from another thread, and a count of polls.

use std::future::poll_fn;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;

// ANCHOR: ask
/// A future of what `work` returns. The first poll starts a thread that runs
/// `work`, puts the answer into a channel, and then wakes the waker.
///
/// It wakes the waker of the first poll: enough for a runner that brings the
/// same waker to each poll. When `work` panics, nobody is woken. A poll after
/// the answer is `Pending`.
///
/// Dropping the future does not stop the thread; its answer is lost.
pub fn ask<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> impl Future<Output = T> {
    let (sender, receiver) = mpsc::channel();
    let mut job = Some((work, sender));
    poll_fn(move |cx| {
        if job.is_some() {
            // If this panics, the job is still there for the next poll.
            let waker = cx.waker().clone();
            let (work, sender) = job.take().expect("we have just looked");
            thread::spawn(move || {
                // An error means that the future has been dropped.
                let _ = sender.send(work());
                waker.wake();
            });
            return Poll::Pending;
        }
        match receiver.try_recv() {
            Ok(answer) => Poll::Ready(answer),
            Err(_) => Poll::Pending,
        }
    })
}
// ANCHOR_END: ask

// ANCHOR: count
/// A future of what `future` gives, and of how often it was polled for it.
pub fn count_polls<F: Future>(
    future: F,
) -> impl Future<Output = (F::Output, u64)> {
    let mut future = Box::pin(future);
    let mut polls = 0;
    poll_fn(move |cx| {
        polls += 1;
        future.as_mut().poll(cx).map(|value| (value, polls))
    })
}
// ANCHOR_END: count

#[cfg(test)]
mod tests {
    use std::future::ready;
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::mpsc::{Sender, channel};
    use std::task::{Context, Wake, Waker};
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;

    const LIMIT: Duration = Duration::from_secs(30);

    /// Reports each wake, and that no wake can come any more.
    struct Report(Sender<&'static str>);

    impl Wake for Report {
        fn wake(self: Arc<Self>) {
            self.0.send("woken").unwrap();
        }
    }

    impl Drop for Report {
        fn drop(&mut self) {
            self.0.send("forgotten").unwrap();
        }
    }

    #[test]
    fn the_answer_is_there_when_the_waker_is_woken() {
        let (sender, wakes) = channel();
        let waker = Waker::from(Arc::new(Report(sender)));
        let mut cx = Context::from_waker(&waker);
        let mut future = pin!(ask(|| 42));
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Pending);
        assert_eq!(wakes.recv(), Ok("woken"));
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Ready(42));
    }

    #[test]
    fn no_work_is_done_before_the_first_poll() {
        let (sender, worked) = channel();
        drop(ask(move || sender.send(())));
        assert!(worked.recv().is_err(), "the work is dropped, not done");
    }

    #[test]
    fn nobody_is_woken_when_the_work_panics() {
        let (sender, wakes) = channel();
        let waker = Waker::from(Arc::new(Report(sender)));
        let mut future = pin!(ask(|| panic!("on purpose")));
        let mut cx = Context::from_waker(&waker);
        let first: Poll<()> = future.as_mut().poll(&mut cx);
        assert_eq!(first, Poll::Pending);
        drop(waker);
        assert_eq!(wakes.recv(), Ok("forgotten"));
    }

    #[test]
    fn a_clone_that_panics_loses_no_work() {
        let guest = Guest::new();
        guest.next(Moment::Clone, panics);
        let bad = guest.waker();
        let mut future = Box::pin(ask(|| 42));
        let poll = caught(|| {
            future.as_mut().poll(&mut Context::from_waker(&bad)).is_ready()
        });
        assert_eq!(poll, Err(Caught::Guest));
        assert_eq!(watchdog(LIMIT, || block_on(future)), Ok(42));
    }

    #[test]
    fn a_future_that_is_ready_at_once_is_polled_once() {
        let mut future = pin!(count_polls(ready('x')));
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Ready(('x', 1)));
    }
}
