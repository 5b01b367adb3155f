//! What a mutex has to stand: two who take turns, and one who gives up.

use std::cell::RefCell;
use std::fmt::Display;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use crate::futures::combinators::join::join;
use crate::futures::combinators::once::{poll_now, poll_once};
use crate::futures::poll::countdown::countdown;
use crate::proof::watchdog;
use crate::wakers::block_on::flag::block_on;

// ANCHOR: turns
/// Two who want the lock three times each, and hold it across an `.await`.
/// Returns who had it.
pub fn turns<L: Future>(lock: impl Fn() -> L) -> String {
    let log = RefCell::new(String::new());
    let three_times = async |name| {
        for _ in 0..3 {
            let _guard = lock().await;
            log.borrow_mut().push(name);
            countdown(1).await;
        }
    };
    let (a, b) = (three_times('A'), three_times('B'));
    block_on(join(Box::pin(a), Box::pin(b)));
    log.into_inner()
}
// ANCHOR_END: turns

// ANCHOR: gives_up
/// A has the lock, B waits, and behind it C, on another thread. B is woken
/// and gives up. Does C get its turn?
fn c_after_b<L: Future + Unpin>(lock: impl Fn() -> L + Sync) {
    let a = poll_now(lock()).expect("it is free");
    let mut b = lock();
    assert!(block_on(poll_once(&mut b)).is_pending());
    let (sender, c_waits) = channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut c = lock();
            block_on(poll_fn(|cx| {
                let poll = Pin::new(&mut c).poll(cx);
                sender.send(()).expect("it is expected");
                poll.map(drop)
            }));
        });
        c_waits.recv().expect("C is in line");
        drop(a);
        drop(b);
    });
}
// ANCHOR_END: gives_up

/// Says whether C gets its turn when B is woken and gives up; a lock that is
/// lost is waited for no longer than `limit`.
pub fn gives_up<L: Future + Unpin>(
    limit: Duration,
    lock: impl Fn() -> L + Send + Sync + 'static,
) -> impl Display {
    match watchdog(limit, || c_after_b(lock)) {
        Ok(()) => "C has its turn".to_string(),
        Err(hung) => hung.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wakers::mutex::{fair, in_line, wake_one};

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn without_a_line_the_first_one_has_all_its_turns_first() {
        let mutex: &_ = Box::leak(Box::new(wake_one::Mutex::new(())));
        assert_eq!(turns(|| mutex.lock()), "AAABBB");
        let what = gives_up(SHORT, || mutex.lock());
        assert_eq!(what.to_string(), "no answer within 50ms");
    }

    #[test]
    fn with_a_line_they_take_turns_but_one_can_be_lost() {
        let mutex: &_ = Box::leak(Box::new(in_line::Mutex::new(())));
        assert_eq!(turns(|| mutex.lock()), "ABABAB");
        let what = gives_up(SHORT, || mutex.lock());
        assert_eq!(what.to_string(), "no answer within 50ms");
    }

    #[test]
    fn passed_on_no_turn_is_lost() {
        let mutex: &_ = Box::leak(Box::new(fair::Mutex::new(())));
        assert_eq!(turns(|| mutex.lock()), "ABABAB");
        let what = gives_up(LONG, || mutex.lock());
        assert_eq!(what.to_string(), "C has its turn");
    }
}
