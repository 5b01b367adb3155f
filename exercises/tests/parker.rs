include!(concat!(env!("OUT_DIR"), "/parker.rs"));

use std::future::poll_fn;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use exercises::{differs, watched, why};
use parker::{Parker, block_on};

const FLAG: &str = "wakers/block-on.html#a-flag-of-its-own";
const SLEEP: &str = "wakers/block-on.html#sleeping-with-park-and-unpark";
const INSIDE: &str = "wakers/block-on.html#one-runner-inside-another";
const LOST: &str = "It sleeps although it was woken. A condition variable \
                    remembers nothing, so a wake has to raise the flag, and \
                    `park` has to look at the flag before it sleeps.";
const A_WHILE: Duration = Duration::from_millis(100);

#[test]
fn a_wake_before_the_park_is_kept() {
    watched(FLAG, LOST, || {
        let parker = Arc::new(Parker::default());
        Waker::from(parker.clone()).wake();
        parker.park();
    });
}

#[test]
fn two_wakes_before_the_park_are_one() {
    watched(FLAG, LOST, || {
        let parker = Arc::new(Parker::default());
        let waker = Waker::from(parker.clone());
        waker.wake_by_ref();
        waker.wake_by_ref();
        parker.park();
        let third = Arc::new(AtomicBool::new(false));
        let comes = third.clone();
        let thread = thread::spawn(move || {
            thread::sleep(A_WHILE);
            comes.store(true, SeqCst);
            waker.wake();
        });
        parker.park();
        let rule = "The second `park` came back before the third wake. To \
                    take a wake is to lower the flag.";
        assert!(third.load(SeqCst), "{}", why(FLAG, rule));
        thread.join().expect("a wake does not panic");
    });
}

#[test]
fn a_sleep_that_ends_without_a_wake_goes_on() {
    watched(FLAG, LOST, || {
        let parker = Arc::new(Parker::default());
        let sleeper = parker.clone();
        let (says, awake) = channel();
        thread::spawn(move || {
            sleeper.park();
            let _ = says.send(());
        });
        for _ in 0..100 {
            // What a condition variable may also do for no reason.
            parker.bell.notify_all();
            thread::sleep(Duration::from_millis(1));
        }
        let rule = "The bell rang, the flag was down, and `park` came back. \
                    Look at the flag again after each sleep.";
        assert!(awake.try_recv().is_err(), "{}", why(FLAG, rule));
        Waker::from(parker).wake();
        awake.recv().expect("it is woken");
    });
}

#[test]
fn the_runner_polls_when_it_is_woken_and_not_before() {
    watched(SLEEP, LOST, || {
        let done = Arc::new(AtomicBool::new(false));
        let mut polls = 0;
        block_on(poll_fn(|cx| {
            polls += 1;
            if done.load(SeqCst) {
                return Poll::Ready(());
            }
            if polls == 1 {
                let (done, waker) = (done.clone(), cx.waker().clone());
                thread::spawn(move || {
                    thread::sleep(A_WHILE);
                    done.store(true, SeqCst);
                    waker.wake();
                });
            }
            Poll::Pending
        }));
        let rule = "One poll starts the work and one fetches the answer. \
                    Park after each poll that is pending.";
        assert_eq!(polls, 2, "{}", differs(SLEEP, rule));
    });
}

/// Woken and then pending once, with `meanwhile` after the wake.
fn once(mut meanwhile: impl FnMut()) -> impl Future<Output = u32> {
    let mut polled = false;
    poll_fn(move |cx| {
        if mem::replace(&mut polled, true) {
            return Poll::Ready(7);
        }
        cx.waker().wake_by_ref();
        meanwhile();
        Poll::Pending
    })
}

#[test]
fn a_runner_inside_a_poll_takes_no_wake_of_the_outer_one() {
    let shared = "The inner runner took the wake of the outer one. Each call \
                  needs a flag of its own.";
    watched(INSIDE, shared, || {
        let inner = || {
            block_on(once(|| ()));
        };
        let rule = "`block_on` returns what the future returns.";
        assert_eq!(block_on(once(inner)), 7, "{}", differs(INSIDE, rule));
    });
}
