include!(concat!(env!("OUT_DIR"), "/mapped.rs"));

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use exercises::{Meanwhile, Task, block_on, differs, watched, why};
use mapped::{Buffer, Mapping, Refused, map};

const PAGE: &str =
    "boundary/map-async.html#dropped-early-take-the-request-back";
const LOOK: &str =
    "wakers/lost-wakeups.html#store-then-look-the-schedule-that-keeps-it";
const HANGS: &str = "The callback waits for a lock. Does somebody hold it who \
                     called `unmap` or `map_async`?";
const FOREIGN: &str =
    "wakers/contract.html#deeper-cloning-waking-and-dropping-are-foreign-code";

#[derive(Default)]
struct Wakes(AtomicU32);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Wakes {
    fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

fn poll(mapping: &mut Mapping, waker: &Waker) -> Poll<Result<(), Refused>> {
    Pin::new(mapping).poll(&mut Context::from_waker(waker))
}

#[test]
fn it_is_ready_when_somebody_has_polled() {
    watched(PAGE, HANGS, || {
        let (buffer, wakes) = (Buffer::default(), Arc::<Wakes>::default());
        let waker = Waker::from(wakes.clone());
        let mut mapping = map(&buffer);
        let first = poll(&mut mapping, &waker);
        let rule = "Nobody has polled the device.";
        assert_eq!(first, Poll::Pending, "{}", differs(PAGE, rule));
        let device = buffer.clone();
        thread::spawn(move || device.poll()).join().expect("no panic");
        let rule = "The callback wakes the task that waits.";
        assert!(wakes.count() > 0, "{}", why(PAGE, rule));
        let second = poll(&mut mapping, &waker);
        let rule = "The buffer is mapped.";
        assert_eq!(second, Poll::Ready(Ok(())), "{}", differs(PAGE, rule));
        drop(mapping);
        let rule = "Once it is ready, the mapping belongs to whoever awaited: \
                    the destructor leaves it.";
        assert!(buffer.is_mapped(), "{}", why(PAGE, rule));
    });
}

#[test]
fn the_call_asks_and_the_first_poll_may_come_late() {
    watched(PAGE, HANGS, || {
        let buffer = Buffer::default();
        let mut mapping = map(&buffer);
        buffer.poll();
        let rule = "`map` itself calls `map_async`, so the buffer is mapped \
                    before the first poll of the future.";
        let first = poll(&mut mapping, Waker::noop());
        assert_eq!(first, Poll::Ready(Ok(())), "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_newest_waker_is_woken() {
    watched(PAGE, HANGS, || {
        let buffer = Buffer::default();
        let [old, new] = [(); 2].map(|()| Arc::<Wakes>::default());
        let mut mapping = map(&buffer);
        let _ = poll(&mut mapping, &Waker::from(old));
        let _ = poll(&mut mapping, &Waker::from(new.clone()));
        buffer.poll();
        let rule = "Another task has polled meanwhile: wake that one.";
        assert!(new.count() > 0, "{}", why(PAGE, rule));
    });
}

#[test]
fn dropped_early_it_takes_the_request_back() {
    watched(PAGE, HANGS, || {
        let buffer = Buffer::default();
        let mut early = map(&buffer);
        let _ = poll(&mut early, Waker::noop());
        drop(early);
        let mut unseen = map(&buffer);
        let _ = poll(&mut unseen, Waker::noop());
        buffer.poll();
        drop(unseen);
        let rule = "A future that was dropped before it was ready leaves the \
                    buffer unmapped, even when the callback has run.";
        assert!(!buffer.is_mapped(), "{}", why(PAGE, rule));
        let mut mapping = map(&buffer);
        buffer.poll();
        let again = poll(&mut mapping, Waker::noop());
        let rule = "The next request is granted.";
        assert_eq!(again, Poll::Ready(Ok(())), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_request_that_is_refused_harms_nobody() {
    watched(PAGE, HANGS, || {
        let buffer = Buffer::default();
        let mut first = map(&buffer);
        drop(map(&buffer));
        let mut second = map(&buffer);
        let refused = poll(&mut second, Waker::noop());
        let rule = "The buffer is asked for already.";
        let no = Poll::Ready(Err(Refused));
        assert_eq!(refused, no, "{}", differs(PAGE, rule));
        drop(second);
        buffer.poll();
        let granted = poll(&mut first, Waker::noop());
        let rule = "A future that was refused has nothing to take back, so \
                    its destructor does not call `unmap`.";
        assert_eq!(granted, Poll::Ready(Ok(())), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_callback_that_comes_during_the_poll_is_seen_or_wakes() {
    watched(LOOK, HANGS, || {
        let (buffer, task) = (Buffer::default(), Task::new());
        let device = buffer.clone();
        let meanwhile = Meanwhile::new(&task, move || device.poll());
        let mut mapping = map(&buffer);
        let ready = meanwhile.poll(&mut mapping).is_ready();
        let rule = "The callback came in the middle of the poll. It found no \
                    waker, and the poll, which had looked before, is pending. \
                    Look for the result and leave the waker under one lock.";
        assert!(ready || task.wakes() > 0, "{}", why(LOOK, rule));
    });
}

#[test]
fn a_thread_that_polls_all_the_time_maps_each_request() {
    watched(PAGE, HANGS, || {
        let (buffer, over) = (Buffer::default(), Arc::<AtomicBool>::default());
        let (device, is_over) = (buffer.clone(), over.clone());
        let polls = thread::spawn(move || {
            while !is_over.load(Ordering::SeqCst) {
                device.poll();
            }
        });
        let is_mapped = (0..1000).all(|_| {
            let is_mapped = block_on(map(&buffer)).is_ok();
            if is_mapped {
                buffer.unmap();
            }
            is_mapped
        });
        over.store(true, Ordering::SeqCst);
        polls.join().expect("it does not panic");
        let rule = "Nobody else has asked for the buffer.";
        assert!(is_mapped, "{}", why(PAGE, rule));
    });
}

/// A task whose waker polls at once, inside `wake`.
#[derive(Default)]
struct Inside {
    mapping: Mutex<Option<Mapping>>,
    answer: Mutex<Option<Poll<Result<(), Refused>>>>,
}

impl Wake for Inside {
    fn wake(self: Arc<Self>) {
        let mapping = self.mapping.lock().expect("nobody panics").take();
        let mut mapping = mapping.expect("it is woken once");
        let answer = poll(&mut mapping, Waker::noop());
        *self.answer.lock().expect("nobody panics") = Some(answer);
    }
}

#[test]
fn a_task_that_is_polled_inside_the_wake_finds_the_result() {
    let hangs = "The callback woke the task, and the task was polled at once, \
                 inside `wake`. Its poll waits for a lock. Does the callback \
                 hold it?";
    watched(FOREIGN, hangs, || {
        let (buffer, task) = (Buffer::default(), Arc::<Inside>::default());
        let mut mapping = map(&buffer);
        let first = poll(&mut mapping, &Waker::from(task.clone()));
        let rule = "Nobody has polled the device.";
        assert_eq!(first, Poll::Pending, "{}", differs(PAGE, rule));
        *task.mapping.lock().expect("nobody panics") = Some(mapping);
        buffer.poll();
        let rule = "The task was woken and polled at once. Nobody wakes it \
                    again. What has to be done before the wake?";
        let answer = task.answer.lock().expect("nobody panics").take();
        let expected = Some(Poll::Ready(Ok(())));
        assert_eq!(answer, expected, "{}", differs(PAGE, rule));
    });
}
