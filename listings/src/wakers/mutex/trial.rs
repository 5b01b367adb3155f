//! Two trials for a mutex: two futures that want it again and again, and one
//! that gives up.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::futures::combinators::join::join;
use crate::futures::combinators::once::poll_now;
use crate::futures::poll::countdown::countdown;
use crate::wakers::block_on::flag::block_on;
use crate::wakers::contract::count::Counter;

// ANCHOR: turns
/// Two futures of one task want the lock three times each, and hold it across
/// an `.await`. Returns which of them had it when.
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
/// A has the lock, B waits for it, and C waits behind B. A lets go, and B is
/// dropped at the moment when its turn has come. Is C woken?
pub fn gives_up<L: Future + Unpin>(lock: impl Fn() -> L) -> &'static str {
    let a = poll_now(lock()).expect("it is free");
    let (mut b, mut c) = (lock(), lock());
    let (counter, waker) = Counter::new();
    assert!(poll(&mut b, Waker::noop()).is_pending());
    assert!(poll(&mut c, &waker).is_pending());
    drop(a);
    drop(b);
    match counter.wakes() {
        0 => "C is never woken",
        _ => "C is woken",
    }
}
// ANCHOR_END: gives_up

fn poll<L: Future + Unpin>(lock: &mut L, waker: &Waker) -> Poll<L::Output> {
    Pin::new(lock).poll(&mut Context::from_waker(waker))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wakers::mutex::{fair, in_line, wake_one};

    #[test]
    fn without_a_line_the_first_task_has_all_its_turns_first() {
        let mutex: &_ = Box::leak(Box::new(wake_one::Mutex::new(())));
        assert_eq!(turns(|| mutex.lock()), "AAABBB");
        assert_eq!(gives_up(|| mutex.lock()), "C is never woken");
    }

    #[test]
    fn with_a_line_they_take_turns_but_one_can_be_lost() {
        let mutex: &_ = Box::leak(Box::new(in_line::Mutex::new(())));
        assert_eq!(turns(|| mutex.lock()), "ABABAB");
        assert_eq!(gives_up(|| mutex.lock()), "C is never woken");
    }

    #[test]
    fn passed_on_no_turn_is_lost() {
        let mutex: &_ = Box::leak(Box::new(fair::Mutex::new(())));
        assert_eq!(turns(|| mutex.lock()), "ABABAB");
        assert_eq!(gives_up(|| mutex.lock()), "C is woken");
    }
}
