//! The smallest runner: it asks again and again.

// ANCHOR: block_on
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Polls `future` on this thread until it is ready. It never rests.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return value;
        }
    }
}
// ANCHOR_END: block_on

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::forgetful;
    use crate::futures::poll::manual::manual;
    use crate::proof::watchdog;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn it_runs_an_async_block_to_its_end() {
        assert_eq!(block_on(async { std::future::ready(7).await + 1 }), 8);
    }

    #[test]
    fn it_needs_no_wake() {
        let limit = Duration::from_secs(10);
        let end = watchdog(limit, || block_on(forgetful::countdown(1000)));
        assert_eq!(end, Ok("liftoff"));
    }

    #[test]
    fn a_value_from_another_thread_arrives() {
        let value = watchdog(Duration::from_secs(30), || {
            let (future, completer) = manual();
            let other = thread::spawn(move || completer.complete(7));
            let value = block_on(future);
            other.join().expect("completing does not panic");
            value
        });
        assert_eq!(value, Ok(7));
    }
}
