include!(concat!(env!("OUT_DIR"), "/inbox.rs"));

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;

use exercises::{differs, watched, why};
use inbox::{OnLoop, proxy_waker};

const PAGE: &str = "boundary/proxy.html#a-channel-needs-a-wake";
const HANGS: &str = "The loop sleeps until an event comes, and none does: the \
                     waker has to send one.";

/// A loop whose only events are those of the waker, and how many there were.
fn counted() -> (impl Fn() + Send + Sync, Arc<AtomicU32>) {
    let events = Arc::new(AtomicU32::new(0));
    let sent = events.clone();
    let send = move || {
        sent.fetch_add(1, Ordering::SeqCst);
    };
    (send, events)
}

#[test]
fn a_wake_from_another_thread_is_an_event_of_the_loop() {
    watched(PAGE, HANGS, || {
        let (send_event, events) = channel();
        let waker = proxy_waker(move || {
            // The loop may have ended.
            let _ = send_event.send(());
        });
        let place = Arc::new(Mutex::new((None::<u32>, None::<Waker>)));
        let (worker, result) = (place.clone(), Rc::new(Cell::new(0)));
        let shown = result.clone();
        let future = poll_fn(move |context| {
            let mut place = place.lock().expect("nobody panics");
            let Some(value) = place.0 else {
                place.1 = Some(context.waker().clone());
                return Poll::Pending;
            };
            shown.set(value);
            Poll::Ready(())
        });
        let mut task = OnLoop { future: Some(Box::pin(future)), waker };

        task.user_event();
        thread::spawn(move || {
            let mut place = worker.lock().expect("nobody panics");
            place.0 = Some(7);
            let waker = place.1.take();
            drop(place);
            waker.into_iter().for_each(Waker::wake);
        });
        while task.future.is_some() {
            events.recv().expect("the task holds a waker");
            task.user_event();
        }
        let rule = "The future is done, and has left its value.";
        assert_eq!(result.get(), 7, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_wake_sends_an_event_and_polls_nothing() {
    watched(PAGE, HANGS, || {
        let (send_event, events) = counted();
        let waker = proxy_waker(send_event);
        let polls = Rc::new(Cell::new(0));
        let counting = polls.clone();
        let future = poll_fn(move |_| {
            counting.set(counting.get() + 1);
            Poll::Pending
        });
        let mut task =
            OnLoop { future: Some(Box::pin(future)), waker: waker.clone() };
        task.user_event();
        waker.wake_by_ref();
        let rule = "A wake calls `send_event`.";
        let sent = events.load(Ordering::SeqCst);
        assert!(sent > 0, "{}", why(PAGE, rule));
        let rule = "The loop polls when it handles its event, once.";
        assert_eq!(polls.get(), 1, "{}", differs(PAGE, rule));
        task.user_event();
        assert_eq!(polls.get(), 2, "{}", differs(PAGE, rule));
        waker.wake_by_ref();
        let rule = "The next wake sends an event again.";
        let again = events.load(Ordering::SeqCst);
        assert!(again > sent, "{}", why(PAGE, rule));
    });
}

#[test]
fn a_loop_that_nobody_wakes_is_left_asleep() {
    watched(PAGE, HANGS, || {
        let (send_event, events) = counted();
        let waker = proxy_waker(send_event);
        let future = std::future::pending();
        let mut task = OnLoop { future: Some(Box::pin(future)), waker };
        task.user_event();
        let rule = "Nobody woke it. An event after each poll would turn the \
                    loop in a circle.";
        let sent = events.load(Ordering::SeqCst);
        assert_eq!(sent, 0, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_future_that_is_done_is_not_polled_again() {
    watched(PAGE, HANGS, || {
        let (send_event, _) = counted();
        let waker = proxy_waker(send_event);
        let future = Some(Box::pin(async {}) as _);
        let mut task = OnLoop { future, waker };
        task.user_event();
        let rule = "After `Ready` put `None` in its place: an event that comes \
                    late must not poll it.";
        assert!(task.future.is_none(), "{}", why(PAGE, rule));
        task.user_event();
    });
}
