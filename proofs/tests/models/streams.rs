//! The set of futures: no wake from another thread is lost.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use listings::runtimes::streams::stream::Stream;
use loom::model;
use loom::sync::atomic::{AtomicBool, Ordering::Relaxed};
use loom::thread::spawn;

use crate::runtimes::streams::unordered::Unordered;

#[test]
fn a_poll_sees_what_was_done_before_each_wake_of_its_future() {
    model(|| {
        let done = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let waker = Arc::new(Mutex::new(None::<Waker>));
        let (of_future, seen) = (waker.clone(), done.clone());
        let mut set = Unordered::default();
        set.push(poll_fn(move |cx| {
            *of_future.lock().unwrap() = Some(cx.waker().clone());
            match seen.iter().all(|done| done.load(Relaxed)) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
        let mut poll = move || {
            let mut cx = Context::from_waker(Waker::noop());
            Pin::new(&mut set).poll_next(&mut cx).is_ready()
        };
        assert!(!poll());
        let workers = done.map(|done| {
            let waker = waker.lock().unwrap().clone().unwrap();
            spawn(move || {
                done.store(true, Relaxed);
                waker.wake();
            })
        });
        let ready = poll();
        for worker in workers {
            worker.join().unwrap();
        }
        // It is polled once more only if it was woken since.
        let ready = ready || poll();
        drop(poll);
        assert!(ready, "a wake was lost");
    });
}
