//! A sleep that finds its timers without an argument, as Tokio's does.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::time::Duration;

use crate::runtimes::timers::{Sleep, Timers};

// ANCHOR: ambient
thread_local! {
    /// The timers of the runtime that this thread has entered.
    static CURRENT: RefCell<Option<Timers>> = const { RefCell::new(None) };
}

/// Until the guard is dropped, [`sleep`] finds `timers` on this thread.
pub fn enter(timers: &Timers) -> Entered {
    let before = CURRENT.replace(Some(timers.clone()));
    Entered { before, _not_send: PhantomData }
}

/// A sleep of the runtime that this thread has entered.
///
/// # Panics
/// When it has entered none.
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    let current = CURRENT.with_borrow(Option::clone);
    let timers = current.expect("this thread has entered no runtime");
    timers.sleep(duration)
}
// ANCHOR_END: ambient

/// The guard of [`enter`]. It belongs to its thread. Of several guards, the
/// newest has to be dropped first.
#[derive(Debug)]
#[must_use = "the runtime is left when the guard is dropped"]
pub struct Entered {
    before: Option<Timers>,
    _not_send: PhantomData<*const ()>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        drop(CURRENT.replace(self.before.take()));
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};
    use std::thread;

    use super::*;
    use crate::proof::hostile::{Caught, caught};
    use crate::runtimes::timers::{Clock, Runtime};

    const SECOND: Duration = Duration::from_secs(1);

    fn stopped() -> Timers {
        Timers::new(Clock::stopped(), Waker::noop().clone())
    }

    fn missing() -> bool {
        let text = "this thread has entered no runtime";
        match caught(|| drop(sleep(SECOND))) {
            Err(Caught::Other(panic)) => panic == text,
            _ => false,
        }
    }

    #[test]
    fn a_sleep_outside_a_runtime_panics_and_inside_it_works() {
        assert!(missing());
        let runtime = Runtime::with_virtual_clock().unwrap();
        let entered = enter(runtime.timers());
        let start = runtime.timers().now();
        runtime.block_on(async { sleep(SECOND).await });
        assert_eq!(runtime.timers().now(), start + SECOND);
        drop(entered);
        assert!(missing());
    }

    #[test]
    fn what_is_entered_on_one_thread_is_not_entered_on_another() {
        let _entered = enter(&stopped());
        assert!(!missing());
        assert!(thread::spawn(missing).join().unwrap());
    }

    #[test]
    fn the_guard_of_the_inner_runtime_brings_the_outer_one_back() {
        let (outer, inner) = (stopped(), stopped());
        let is_of = |timers: &Timers| {
            let _sleep = pin!(sleep(SECOND));
            let mut polled = pin!(sleep(SECOND));
            let cx = &mut Context::from_waker(Waker::noop());
            let _ = polled.as_mut().poll(cx);
            timers.waiting() == 1
        };
        let _one = enter(&outer);
        let two = enter(&inner);
        assert!(is_of(&inner) && outer.waiting() == 0);
        drop(two);
        assert!(is_of(&outer) && inner.waiting() == 0);
    }

    #[test]
    fn a_sleep_that_is_entered_hangs_when_nobody_drives_its_timers() {
        let timers = stopped();
        let guest = crate::proof::hostile::Guest::new();
        let waker = guest.waker();
        let _entered = enter(&timers);
        let mut nap = pin!(sleep(SECOND));
        let cx = &mut Context::from_waker(&waker);
        assert!(nap.as_mut().poll(cx).is_pending());
        timers.clock().jump(timers.now() + SECOND);
        assert_eq!(guest.wakes(), 0);
        assert_eq!((timers.fire(), guest.wakes()), (1, 1));
    }

    #[test]
    fn a_socket_of_tokio_that_was_made_inside_is_read_outside() {
        use std::io::Write;
        use tokio::io::AsyncReadExt;
        let run = || {
            let tokio = tokio::runtime::Runtime::new().unwrap();
            let pair = crate::runtimes::reactor::net::std_pair();
            let (here, mut there) = pair.unwrap();
            here.set_nonblocking(true).unwrap();
            let mut here = {
                let _entered = tokio.enter();
                tokio::net::TcpStream::from_std(here).unwrap()
            };
            let sends = thread::spawn(move || there.write_all(b"x"));
            let byte = pollster::block_on(here.read_u8()).unwrap();
            sends.join().unwrap().unwrap();
            byte
        };
        let limit = Duration::from_secs(30);
        assert_eq!(crate::proof::watchdog(limit, run), Ok(b'x'));
    }

    #[test]
    fn guards_of_tokio_that_are_dropped_in_the_wrong_order_panic() {
        let [a, b] = [(); 2].map(|()| tokio::runtime::Runtime::new().unwrap());
        let (one, two) = (a.enter(), b.enter());
        let panic = caught(|| drop(one)).unwrap_err();
        let text = "`EnterGuard` values dropped out of order.";
        assert!(matches!(panic, Caught::Other(it) if it.starts_with(text)));
        drop(two);
    }
}
