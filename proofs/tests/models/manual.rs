//! The future that is completed from outside: a value and a waker in every
//! order.

use std::pin::Pin;
use std::task::{Context, Poll};

use listings::wakers::contract::count::Counter;
use loom::model;
use loom::thread::spawn;

use crate::futures::manual;

#[test]
fn a_future_that_is_pending_is_woken() {
    model(|| {
        let (mut future, completer) = manual();
        let (counter, waker) = Counter::new();
        let other = spawn(move || completer.complete(7));
        let mut cx = Context::from_waker(&waker);
        let answer = Pin::new(&mut future).poll(&mut cx);
        other.join().unwrap();
        match answer {
            Poll::Ready(value) => assert_eq!(value, 7),
            Poll::Pending => {
                assert_eq!(counter.wakes(), 1);
                let answer = Pin::new(&mut future).poll(&mut cx);
                assert_eq!(answer, Poll::Ready(7));
            }
        }
    });
}
