//! The oneshot channel: a value, a close and a waker in every order.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use listings::wakers::contract::count::Counter;
use loom::model;
use loom::thread::spawn;

use crate::wakers::block_on::flag::block_on;

/// The same models for each of the two channels.
macro_rules! models {
    ($step:ident) => {
        mod $step {
            use super::*;
            use crate::wakers::oneshot::$step::{Closed, Receiver, channel};

            fn poll<T>(
                receiver: &mut Receiver<T>,
                waker: &Waker,
            ) -> Poll<Result<T, Closed>> {
                Pin::new(receiver).poll(&mut Context::from_waker(waker))
            }

            #[test]
            fn a_value_arrives() {
                model(|| {
                    let (sender, receiver) = channel();
                    let worker = spawn(move || sender.send(7));
                    assert_eq!(block_on(receiver), Ok(7));
                    assert_eq!(worker.join().unwrap(), Ok(()));
                });
            }

            #[test]
            fn a_sender_that_is_dropped_closes() {
                model(|| {
                    let (sender, receiver) = channel::<u32>();
                    let worker = spawn(move || drop(sender));
                    assert_eq!(block_on(receiver), Err(Closed));
                    worker.join().unwrap();
                });
            }

            #[test]
            fn a_worker_that_panics_closes() {
                model(|| {
                    let (sender, receiver) = channel::<u32>();
                    let worker = spawn(move || {
                        catch_unwind(AssertUnwindSafe(|| {
                            let _sender = sender;
                            // A panic without a message.
                            resume_unwind(Box::new("on purpose"));
                        }))
                    });
                    assert_eq!(block_on(receiver), Err(Closed));
                    assert!(worker.join().unwrap().is_err());
                });
            }

            #[test]
            fn the_newest_waker_is_woken() {
                model(|| {
                    let (sender, mut receiver) = channel();
                    let (old, old_waker) = Counter::new();
                    let (new, new_waker) = Counter::new();
                    let worker = spawn(move || sender.send(7).unwrap());
                    let first = poll(&mut receiver, &old_waker);
                    let second = match first {
                        Poll::Pending => poll(&mut receiver, &new_waker),
                        ready => ready,
                    };
                    worker.join().unwrap();
                    match second {
                        Poll::Ready(value) => assert_eq!(value, Ok(7)),
                        Poll::Pending => {
                            assert_eq!((old.wakes(), new.wakes()), (0, 1));
                            let last = poll(&mut receiver, &new_waker);
                            assert_eq!(last, Poll::Ready(Ok(7)));
                        }
                    }
                    drop((old_waker, new_waker));
                    assert_eq!((old.wakers(), new.wakers()), (0, 0));
                });
            }

            #[test]
            fn a_value_is_taken_or_given_back_or_dropped_and_never_kept() {
                model(|| {
                    let (sender, mut receiver) = channel();
                    let (counter, waker) = Counter::new();
                    let value = Arc::new(7);
                    let worker = {
                        let value = value.clone();
                        spawn(move || sender.send(value).is_ok())
                    };
                    let answer = poll(&mut receiver, &waker);
                    drop(receiver);
                    let sent = worker.join().unwrap();
                    if let Poll::Ready(taken) = answer {
                        assert!(sent && taken.is_ok());
                    }
                    drop(waker);
                    assert_eq!(Arc::strong_count(&value), 1);
                    assert_eq!(counter.wakers(), 0);
                });
            }

            #[test]
            fn of_two_ends_that_are_dropped_neither_keeps_anything() {
                model(|| {
                    let (sender, mut receiver) = channel::<u32>();
                    let (counter, waker) = Counter::new();
                    let worker = spawn(move || {
                        let closed = sender.is_closed();
                        drop(sender);
                        closed
                    });
                    let answer = poll(&mut receiver, &waker);
                    assert!(matches!(
                        answer,
                        Poll::Pending | Poll::Ready(Err(Closed))
                    ));
                    drop(receiver);
                    worker.join().unwrap();
                    drop(waker);
                    assert_eq!(counter.wakers(), 0);
                });
            }
        }
    };
}

models!(closed);
models!(alone);
