include!(concat!(env!("OUT_DIR"), "/repaint.rs"));

use std::cell::Cell;
use std::future::{pending, poll_fn, ready};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use exercises::{differs, watched, why};
use repaint::Promise;

const PAGE: &str = "boundary/toolkits.html#why-egui-shows-the-result-only-when-the-mouse-moves";
const HANGS: &str = "The interface sleeps until a frame is asked for, and \
                     nobody asks: the waker has to call `request_repaint`.";

#[test]
fn a_wake_from_another_thread_asks_for_a_frame() {
    watched(PAGE, HANGS, || {
        let (request, frames) = channel();
        let place = Arc::new(Mutex::new((None::<u32>, None::<Waker>)));
        let worker = place.clone();
        let future = poll_fn(move |context| {
            let mut place = place.lock().expect("nobody panics");
            match place.0 {
                Some(value) => Poll::Ready(value),
                None => {
                    place.1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        });
        let mut promise = Promise::new(future, move || {
            // The window may be gone.
            let _ = request.send(());
        });
        assert_eq!(promise.ready(), None);
        thread::spawn(move || {
            let mut place = worker.lock().expect("nobody panics");
            place.0 = Some(7);
            let waker = place.1.take();
            drop(place);
            waker.into_iter().for_each(Waker::wake);
        });
        while promise.ready().is_none() {
            frames.recv().expect("the future holds a waker");
        }
        let rule = "The value is what the future returned.";
        assert_eq!(promise.ready(), Some(&7), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_frame_that_no_wake_asked_for_polls_nothing() {
    watched(PAGE, HANGS, || {
        let polls = Rc::new(Cell::new(0));
        let count = polls.clone();
        let future = poll_fn(move |_| {
            count.set(count.get() + 1);
            Poll::<u32>::Pending
        });
        let mut promise = Promise::new(future, || {});
        for _ in 0..5 {
            assert_eq!(promise.ready(), None);
        }
        let rule = "The first frame polls, and the others come from the mouse.";
        assert_eq!(polls.get(), 1, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_wake_during_the_poll_counts_for_the_next_frame() {
    watched(PAGE, HANGS, || {
        let asked = Arc::new(AtomicU32::new(0));
        let request = asked.clone();
        let mut first = true;
        let future = poll_fn(move |context| {
            if first {
                first = false;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(7)
        });
        let mut promise = Promise::new(future, move || {
            request.fetch_add(1, Ordering::SeqCst);
        });
        assert_eq!(promise.ready(), None);
        let rule = "A wake asks for a frame.";
        assert!(asked.load(Ordering::SeqCst) > 0, "{}", why(PAGE, rule));
        let rule = "Forget the old wakes before the poll, not after it: else a \
                    wake that comes during the poll is lost.";
        assert_eq!(promise.ready(), Some(&7), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_future_that_nobody_wakes_asks_for_no_frame() {
    watched(PAGE, HANGS, || {
        let asked = Arc::new(AtomicU32::new(0));
        let request = asked.clone();
        let mut promise: Promise<u32> = Promise::new(pending(), move || {
            request.fetch_add(1, Ordering::SeqCst);
        });
        for _ in 0..5 {
            assert_eq!(promise.ready(), None);
        }
        let rule = "To ask in each frame would draw without a pause.";
        let asked = asked.load(Ordering::SeqCst);
        assert_eq!(asked, 0, "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_value_stays_and_the_future_is_not_polled_again() {
    watched(PAGE, HANGS, || {
        // `ready` panics when it is polled a second time.
        let mut promise = Promise::new(ready(7), || {});
        let rule = "Keep the value, and look for it before you poll.";
        for _ in 0..3 {
            assert_eq!(promise.ready(), Some(&7), "{}", differs(PAGE, rule));
        }
    });
}

#[test]
fn a_frame_that_comes_at_once_finds_the_future_woken() {
    watched(PAGE, HANGS, || {
        let (request, frames) = channel();
        let (drawn, is_drawn) = channel();
        let is_drawn = Mutex::new(is_drawn);
        let place = Arc::new(Mutex::new(None::<Waker>));
        let kept = place.clone();
        let future = poll_fn(move |context| {
            let mut kept = kept.lock().expect("nobody panics");
            match kept.replace(context.waker().clone()) {
                None => Poll::Pending,
                Some(_) => Poll::Ready(7),
            }
        });
        let mut promise = Promise::new(future, move || {
            let _ = request.send(());
            // The frame is drawn before the wake goes on. If it has to wait for
            // a lock of the exercise, it comes later.
            let is_drawn = is_drawn.lock().expect("nobody panics");
            let _ = is_drawn.recv_timeout(Duration::from_millis(300));
        });
        assert_eq!(promise.ready(), None);

        let waker = place.lock().expect("nobody panics").clone();
        let wake = || waker.into_iter().for_each(Waker::wake);
        let worker = thread::spawn(wake);
        frames.recv().expect("the future holds a waker");
        let mut value = promise.ready().copied();
        let _ = drawn.send(());
        worker.join().expect("it does not panic");
        while frames.try_recv().is_ok() {
            value = promise.ready().copied();
        }
        let rule = "The frame came at once and did not poll. No other frame \
                    comes. What has to be done before a frame is asked for?";
        assert_eq!(value, Some(7), "{}", differs(PAGE, rule));
    });
}
