use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use exercises::oneshot::{Closed, Receiver, channel};

use crate::support::{Task, block_on, differs, watched, why};

const WAKER: &str = "wakers/oneshot.html#a-place-for-the-waker";
const LOCK: &str = "wakers/oneshot.html#wake-when-the-lock-is-free";
const CLOSED: &str = "wakers/oneshot.html#closed-by-either-end";
const DEADLOCK: &str = "Probably it waits for a lock that its own thread \
                        holds. A guard is dropped at the end of its block, \
                        unless you drop it earlier.";

#[test]
fn it_takes_a_value_that_was_sent_before() {
    watched(WAKER, DEADLOCK, || {
        let task = Task::new();
        let (sender, mut receiver) = channel();
        assert_eq!(sender.send(7), Ok(()));
        let rule = "`send` takes the sender, so the sender is dropped right \
                    after it. A value that was sent stays until it is taken.";
        assert_eq!(
            task.poll(&mut receiver),
            Poll::Ready(Ok(7)),
            "{}",
            differs(CLOSED, rule)
        );
    });
}

#[test]
fn a_send_wakes_the_newest_task_that_waits() {
    watched(WAKER, DEADLOCK, || {
        let (old, new) = (Task::new(), Task::new());
        let (sender, mut receiver) = channel();
        assert!(
            old.poll(&mut receiver).is_pending(),
            "{}",
            why(WAKER, "Without a value the receiver is `Pending`.")
        );
        let _ = new.poll(&mut receiver);
        assert_eq!(sender.send(7), Ok(()));
        let rule = "The receiver leaves the waker of each pending poll, and \
                    `send` wakes the newest.";
        assert_eq!(
            (old.wakes(), new.wakes()),
            (0, 1),
            "wakes of the first task and of the second{}",
            differs(WAKER, rule)
        );
        assert_eq!(
            new.poll(&mut receiver),
            Poll::Ready(Ok(7)),
            "{}",
            differs(WAKER, "The value has to be in its place before the wake.")
        );
    });
}

#[test]
fn a_sender_that_is_dropped_says_so_and_wakes() {
    watched(CLOSED, DEADLOCK, || {
        let task = Task::new();
        let (sender, mut receiver) = channel::<u32>();
        let _ = task.poll(&mut receiver);
        drop(sender);
        let rule = "Nobody is left to send, so whoever waits would wait for \
                    ever. Give the sender a `Drop` that closes the channel \
                    and wakes the receiver.";
        assert_eq!(task.wakes(), 1, "{}", differs(CLOSED, rule));
        assert_eq!(
            task.poll(&mut receiver),
            Poll::Ready(Err(Closed)),
            "{}",
            differs(CLOSED, rule)
        );
    });
}

#[test]
fn a_sender_that_was_dropped_first_is_noticed() {
    watched(CLOSED, DEADLOCK, || {
        let task = Task::new();
        let (sender, mut receiver) = channel::<u32>();
        drop(sender);
        let rule = "Both orders: the channel may be closed before anybody \
                    has polled the receiver.";
        assert_eq!(
            task.poll(&mut receiver),
            Poll::Ready(Err(Closed)),
            "{}",
            differs(CLOSED, rule)
        );
    });
}

#[test]
fn a_receiver_that_was_dropped_gives_the_value_back() {
    watched(CLOSED, DEADLOCK, || {
        let task = Task::new();
        let (sender, mut receiver) = channel();
        let _ = task.poll(&mut receiver);
        drop(receiver);
        let rule = "Nobody is left to take the value. Give the receiver a \
                    `Drop` that closes the channel, and let `send` return \
                    the value.";
        assert_eq!(sender.send(7), Err(7), "{}", differs(CLOSED, rule));
        let rule = "A task that has dropped its receiver waits no longer: \
                    drop its waker with it.";
        assert_eq!(
            (task.wakes(), task.wakers()),
            (0, 0),
            "{}",
            differs(CLOSED, rule)
        );
    });
}

#[test]
fn a_waker_may_poll_inside_wake() {
    type Seen = Option<Result<u32, Closed>>;
    struct PollInside(Mutex<(Receiver<u32>, Seen)>);

    impl Wake for PollInside {
        fn wake(self: Arc<Self>) {
            let mut guard = self.0.lock().unwrap();
            let (receiver, seen) = &mut *guard;
            let mut cx = Context::from_waker(Waker::noop());
            if let Poll::Ready(value) = Pin::new(receiver).poll(&mut cx) {
                *seen = Some(value);
            }
        }
    }

    let hangs = "A waker is somebody else's code, and this one polls at \
                 once. Take it out of the state, drop the guard, and then \
                 wake.";
    watched(LOCK, hangs, || {
        for sends in [true, false] {
            let (sender, receiver) = channel();
            let inside = Arc::new(PollInside(Mutex::new((receiver, None))));
            let waker = Waker::from(inside.clone());
            let mut cx = Context::from_waker(&waker);
            let answer =
                Pin::new(&mut inside.0.lock().unwrap().0).poll(&mut cx);
            assert!(answer.is_pending());
            let expected = match sends {
                true => sender.send(7).map(|()| 7).map_err(|_| Closed),
                false => {
                    drop(sender);
                    Err(Closed)
                }
            };
            let rule = "What is to be seen has to be in its place before \
                        the wake.";
            assert_eq!(
                inside.0.lock().unwrap().1,
                Some(expected),
                "{}",
                differs(LOCK, rule)
            );
        }
    });
}

#[test]
fn the_ends_may_be_on_two_threads() {
    let hangs = "The look at the state and the storing of the waker belong \
                 under one lock. Else the value may come between them, find \
                 no waker and tell nobody.";
    watched(WAKER, hangs, || {
        for n in 0..200 {
            let (sender, receiver) = channel();
            let other = thread::spawn(move || match n % 2 {
                0 => sender.send(n).is_ok(),
                _ => false,
            });
            let expected = if n % 2 == 0 { Ok(n) } else { Err(Closed) };
            assert_eq!(block_on(receiver), expected);
            let sent = other.join().expect("sending does not panic");
            assert_eq!(sent, n % 2 == 0);
        }
    });
}
