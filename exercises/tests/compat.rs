include!(concat!(env!("OUT_DIR"), "/compat.rs"));

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use compat::{current, enter, inside};
use exercises::{differs, watched};

const PAGE: &str = "runtimes/choosing.html";
const HANGS: &str = "Nothing in this exercise waits.";

/// What a future saw.
type Seen = Arc<Mutex<Vec<Option<u32>>>>;

fn sees(seen: &Seen) {
    seen.lock().unwrap().push(current());
}

fn poll<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// Looks in each poll.
async fn looks(seen: Seen) {
    poll_fn(|_| {
        sees(&seen);
        Poll::<()>::Pending
    })
    .await;
}

#[test]
fn between_two_polls_the_thread_is_as_before() {
    watched(PAGE, HANGS, || {
        let seen = Seen::default();
        let mut future = Box::pin(inside(1, looks(seen.clone())));
        let rule = "No runtime was entered before the poll, so none is \
                    entered after it. A guard that lives across an `.await` \
                    stays while other tasks run on this thread.";
        for _ in 0..2 {
            assert!(poll(&mut future).is_pending());
            assert_eq!(current(), None, "{}", differs(PAGE, rule));
        }
        let rule = "Each poll is in runtime 1.";
        let all = seen.lock().unwrap().clone();
        assert_eq!(all, [Some(1); 2], "{}", differs(PAGE, rule));
    });
}

#[test]
fn two_futures_on_one_thread_keep_their_runtimes_apart() {
    watched(PAGE, HANGS, || {
        let seen = Seen::default();
        let mut one = Box::pin(inside(1, looks(seen.clone())));
        let mut two = Box::pin(inside(2, looks(seen.clone())));
        let _outer = enter(9);
        for _ in 0..2 {
            assert!(poll(&mut one).is_pending());
            assert!(poll(&mut two).is_pending());
        }
        let rule = "The polls came in turn: runtime 1, 2, 1, 2.";
        let all = seen.lock().unwrap().clone();
        let expected = [1, 2, 1, 2].map(Some);
        assert_eq!(all, expected, "{}", differs(PAGE, rule));
        let rule = "The caller had entered runtime 9, and is back in it.";
        assert_eq!(current(), Some(9), "{}", differs(PAGE, rule));
    });
}

/// Looks when it is dropped, as a guard of a library may do.
struct Looks(Seen);

impl Drop for Looks {
    fn drop(&mut self) {
        sees(&self.0);
    }
}

#[test]
fn a_future_that_is_dropped_is_in_its_runtime() {
    watched(PAGE, HANGS, || {
        for polls in 0..2 {
            let seen = Seen::default();
            let guard = Looks(seen.clone());
            let mut future = Box::pin(inside(1, async move {
                let _guard = guard;
                pending::<()>().await;
            }));
            for _ in 0..polls {
                assert!(poll(&mut future).is_pending());
            }
            let _outer = enter(9);
            drop(future);
            let rule = "Destructors inside the future may use the runtime \
                        too, so it is entered for the drop, also of a future \
                        that was never polled.";
            let all = seen.lock().unwrap().clone();
            assert_eq!(all, [Some(1)], "{}", differs(PAGE, rule));
            let rule = "The caller had entered runtime 9, and is back in it.";
            assert_eq!(current(), Some(9), "{}", differs(PAGE, rule));
        }
    });
}
