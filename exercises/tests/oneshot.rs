include!(concat!(env!("OUT_DIR"), "/oneshot.rs"));

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use exercises::{Task, block_on, differs, in_between, owns, watched, why};
use oneshot::{Closed, Receiver, channel};

const WAKER: &str =
    "wakers/oneshot.html#a-place-for-the-value-and-a-place-for-the-waker";
const LOCK: &str = "wakers/oneshot.html#wake-when-the-lock-is-free";
const CLOSED: &str = "wakers/oneshot.html#closed-by-either-end";
const HANGS: &str = "Either `poll` does not come back, or something waits for \
                     a lock that its own thread holds. A guard is dropped at \
                     the end of its block, unless you drop it earlier.";

#[test]
fn it_takes_a_value_that_was_sent_before() {
    watched(WAKER, HANGS, || {
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
    watched(WAKER, HANGS, || {
        let (old, new) = (Task::new(), Task::new());
        let (sender, mut receiver) = channel();
        let rule = "Without a value the receiver is `Pending`.";
        assert!(old.poll(&mut receiver).is_pending(), "{}", why(WAKER, rule));
        let _ = new.poll(&mut receiver);
        let rule = "A wake says that a poll is worth it, and there is no \
                    value yet: this is a busy wake. `send` wakes.";
        let wakes = (old.wakes(), new.wakes());
        assert_eq!(wakes, (0, 0), "{}", differs(WAKER, rule));
        let rule = "A pending poll leaves its waker in the state, in place of \
                    an older one. (Wakers of the first task, of the second.)";
        let wakers = (old.wakers(), new.wakers());
        assert_eq!(wakers, (0, 1), "{}", differs(WAKER, rule));
        assert_eq!(sender.send(7), Ok(()));
        assert!(new.wakes() > 0, "{}", why(WAKER, NO_WAKE));
        let rule = "It was woken, and the value has to be there.";
        assert_eq!(
            new.poll(&mut receiver),
            Poll::Ready(Ok(7)),
            "{}",
            differs(WAKER, rule)
        );
    });
}

const NO_WAKE: &str = "The receiver has left its waker, and `send` has not \
                       woken it.";
const NO_DROP: &str = "Nobody is left to send, so a receiver that waits would \
                       wait for ever. Give the sender a `Drop` that closes \
                       the channel and wakes the receiver.";

#[test]
fn a_sender_that_is_dropped_says_so_and_wakes() {
    watched(CLOSED, HANGS, || {
        let task = Task::new();
        let (sender, mut receiver) = channel::<u32>();
        let _ = task.poll(&mut receiver);
        drop(sender);
        assert!(task.wakes() > 0, "{}", why(CLOSED, NO_DROP));
        assert_eq!(
            task.poll(&mut receiver),
            Poll::Ready(Err(Closed)),
            "{}",
            differs(CLOSED, NO_DROP)
        );
    });
}

#[test]
fn a_sender_that_was_dropped_first_is_noticed() {
    watched(CLOSED, HANGS, || {
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
    watched(CLOSED, HANGS, || {
        let task = Task::new();
        let (sender, mut receiver) = channel();
        let _ = task.poll(&mut receiver);
        drop(receiver);
        let rule = "Nobody is left to take the value. Give the receiver a \
                    `Drop` that closes the channel, and let `send` return \
                    the value.";
        assert_eq!(sender.send(7), Err(7), "{}", differs(CLOSED, rule));
        let rule = "A task that has dropped its receiver waits no longer: \
                    drop its waker with it, and do not wake it. (Its wakes, \
                    its wakers.)";
        let seen = (task.wakes(), task.wakers());
        assert_eq!(seen, (0, 0), "{}", differs(CLOSED, rule));
    });
}

type Seen = Option<Result<u32, Closed>>;

/// A task that polls inside `wake`. Returns what it saw.
fn polls_inside_wake(sends: bool) -> Seen {
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

    let (sender, receiver) = channel();
    let inside = Arc::new(PollInside(Mutex::new((receiver, None))));
    let waker = Waker::from(inside.clone());
    let mut cx = Context::from_waker(&waker);
    let answer = Pin::new(&mut inside.0.lock().unwrap().0).poll(&mut cx);
    let rule = "Without a value the receiver is `Pending`.";
    assert!(answer.is_pending(), "{}", why(WAKER, rule));
    match sends {
        true => assert_eq!(sender.send(7), Ok(())),
        false => drop(sender),
    }
    inside.0.lock().unwrap().1
}

const WAKES: &str = "A waker is somebody else's code, and this one polls at \
                     once. Take it out of the state, drop the guard, and then \
                     wake.";

#[test]
fn a_waker_may_poll_inside_the_wake_of_a_send() {
    watched(LOCK, WAKES, || {
        let rule = "The value has to be in its place before the wake: the \
                    poll that it brings about may come at once.";
        let seen = polls_inside_wake(true);
        assert!(seen.is_some(), "{}", why(LOCK, rule));
        assert_eq!(seen, Some(Ok(7)), "{}", differs(LOCK, rule));
    });
}

#[test]
fn a_waker_may_poll_inside_the_wake_of_a_dropped_sender() {
    watched(CLOSED, WAKES, || {
        let seen = polls_inside_wake(false);
        assert!(seen.is_some(), "{}", why(CLOSED, NO_DROP));
        let rule = "The channel has to be closed before the wake: the poll \
                    that it brings about may come at once.";
        assert_eq!(seen, Some(Err(Closed)), "{}", differs(CLOSED, rule));
    });
}

const OWNS: &str = "This waker owns the sender, so to drop the waker drops \
                    the sender, and that wants the lock. A waker's destructor \
                    is somebody else's code: take the old state out, drop the \
                    guard, and then drop what you took.";

#[test]
fn a_waker_that_owns_the_sender_may_be_replaced() {
    watched(LOCK, OWNS, || {
        let task = Task::new();
        let (sender, mut receiver) = channel::<u32>();
        let last = owns(sender);
        let _ = Pin::new(&mut receiver).poll(&mut Context::from_waker(&last));
        drop(last);
        let answer = task.poll(&mut receiver);
        let rule = "The sender went with the old waker during this poll. \
                    Either the poll sees it, or the new waker is woken.";
        assert!(answer.is_ready() || task.wakes() > 0, "{}", why(CLOSED, rule));
    });
}

#[test]
fn a_waker_that_owns_the_sender_may_go_with_the_receiver() {
    watched(LOCK, OWNS, || {
        let task = Task::new();
        let (sender, mut receiver) = channel::<u32>();
        let last = owns(sender);
        let _ = Pin::new(&mut receiver).poll(&mut Context::from_waker(&last));
        drop(last);
        drop(receiver);

        // A value that nobody took may own the other end as well.
        struct Holds(#[allow(dead_code)] Mutex<Option<Receiver<Holds>>>);
        let (sender, receiver) = channel();
        let (other, mut waits) = channel::<Holds>();
        let _ = task.poll(&mut waits);
        let _ = sender.send(Holds(Mutex::new(Some(waits))));
        drop(receiver);
        let _ = other.send(Holds(Mutex::new(None)));
    });
}

const ONE_LOCK: &str = "What the sender did came between the look at the \
                        state and the storing of the waker. It found no waker \
                        and told nobody. Both belong under one lock, without \
                        letting go in between.";

#[test]
fn what_comes_between_two_steps_is_noticed() {
    watched(WAKER, HANGS, || {
        let task = Task::new();
        let (sender, mut receiver) = channel();
        let _ = task.poll(&mut receiver);
        let _ = sender.send(7);
        assert!(task.wakes() > 0, "{}", why(WAKER, NO_WAKE));
        for unlocks in 0..3 {
            let task = Task::new();
            let (sender, mut receiver) = channel();
            let other = move || {
                let _ = sender.send(7);
            };
            let answer =
                in_between(unlocks, other, || task.poll(&mut receiver));
            let noticed = answer.is_ready() || task.wakes() > 0;
            assert!(noticed, "{}", why(WAKER, ONE_LOCK));
        }
    });
}

#[test]
fn a_receiver_that_goes_in_the_middle_of_a_send_leaves_no_value() {
    watched(CLOSED, HANGS, || {
        for unlocks in 0..3 {
            let value = Arc::new(7);
            let (sender, receiver) = channel();
            let (its, sent) = (value.clone(), value.clone());
            let seen = Rc::new(Cell::new(0));
            let handles = seen.clone();
            let other = move || {
                drop(receiver);
                handles.set(Arc::strong_count(&its));
            };
            let answer = in_between(unlocks, other, || sender.send(sent));
            let rule = "The receiver was dropped in the middle of `send`: the \
                        channel had not been closed at the look, and the \
                        value was not there yet. So nobody can take it, and \
                        `send` says `Ok`. To look and to leave the value \
                        belong under one lock.";
            // Either it comes back, or it was dropped with the receiver.
            let gone = seen.get() == 2;
            assert!(answer.is_err() || gone, "{}", why(CLOSED, rule));
        }
    });
}

#[test]
fn the_ends_may_be_on_two_threads() {
    let hangs = "The runner sleeps, and what it waits for was there long ago.";
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

#[test]
fn after_its_answer_it_is_closed() {
    watched(CLOSED, HANGS, || {
        let task = Task::new();
        let (sender, mut receiver) = channel();
        assert_eq!(sender.send(7), Ok(()));
        let _ = task.poll(&mut receiver);
        let rule = "The value was taken, so no other will come. `Pending` \
                    would be a promise that nobody keeps: answer \
                    `Err(Closed)`, or panic.";
        let again = task.poll_after_ready(&mut receiver);
        assert!(
            matches!(again, None | Some(Poll::Ready(Err(Closed)))),
            "it answered {again:?}{}",
            why(CLOSED, rule)
        );
    });
}
