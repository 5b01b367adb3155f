//! One thread polls the task and sleeps in the reactor.

use std::io;
use std::pin::pin;
use std::task::{Context, Poll};

use super::reactor::Reactor;

// ANCHOR: block_on
/// Runs `future` on this thread. While the future is pending, the thread waits
/// in the reactor.
///
/// # Errors
/// When the reactor cannot wait.
pub fn block_on<F: Future>(
    reactor: &Reactor,
    future: F,
) -> io::Result<F::Output> {
    let waker = reactor.waker();
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return Ok(value);
        }
        reactor.wait()?;
    }
}
// ANCHOR_END: block_on

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::reactor::connection;
    use super::*;
    use crate::proof::watchdog;
    use crate::wakers::block_on::job::ask;

    #[test]
    fn a_wake_from_another_thread_ends_the_wait() {
        let run = || {
            let (here, _there) = connection().unwrap();
            let reactor = Reactor::new(here, |_| {}).unwrap();
            block_on(&reactor, ask(|| 42)).unwrap()
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(42));
    }
}
