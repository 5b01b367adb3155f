include!(concat!(env!("OUT_DIR"), "/turns.rs"));

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use exercises::{differs, watched, why};
use turns::Tasks;

const PAGE: &str = "boundary/two-loops.html#the-proxy-is-the-waker";
const HANGS: &str = "The loop sleeps until an event comes, and none does: a \
                     wake has to send one.";

/// Tasks of a loop that only counts its events.
fn counted() -> (Tasks, Arc<AtomicU32>) {
    let events = Arc::new(AtomicU32::new(0));
    let sent = events.clone();
    let tasks = Tasks::new(move || {
        sent.fetch_add(1, Ordering::SeqCst);
    });
    (tasks, events)
}

/// A task that waits for good, counts its polls and leaves its waker.
#[derive(Clone, Default)]
struct Waiting {
    polls: Rc<Cell<u32>>,
    waker: Rc<RefCell<Option<Waker>>>,
}

impl Waiting {
    fn task(&self) -> impl Future<Output = ()> + 'static {
        let it = self.clone();
        poll_fn(move |context| {
            it.polls.set(it.polls.get() + 1);
            it.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
    }

    fn wake(&self) {
        let waker = self.waker.borrow().clone();
        waker.expect("it was polled").wake();
    }
}

#[test]
fn a_wake_from_another_thread_is_an_event_of_the_loop() {
    watched(PAGE, HANGS, || {
        let (send_event, events) = channel();
        let mut tasks = Tasks::new(move || {
            // The loop may have ended.
            let _ = send_event.send(());
        });
        let place = Arc::new(Mutex::new((None::<u32>, None::<Waker>)));
        let (worker, result) = (place.clone(), Rc::new(Cell::new(0)));
        let (asked, is_asked) = channel();
        let shown = result.clone();
        tasks.spawn(poll_fn(move |context| {
            let mut place = place.lock().expect("nobody panics");
            let Some(value) = place.0 else {
                place.1 = Some(context.waker().clone());
                let _ = asked.send(());
                return Poll::Pending;
            };
            shown.set(value);
            Poll::Ready(())
        }));
        thread::spawn(move || {
            is_asked.recv().expect("the task asks");
            let mut place = worker.lock().expect("nobody panics");
            place.0 = Some(7);
            let waker = place.1.take();
            drop(place);
            waker.into_iter().for_each(Waker::wake);
        });
        while tasks.left() > 0 {
            events.recv().expect("a task holds a waker");
            tasks.turn();
        }
        let rule = "The task is done, and has left its value.";
        assert_eq!(result.get(), 7, "{}", differs(PAGE, rule));
    });
}

#[test]
fn many_wakes_before_a_turn_are_one_event() {
    watched(PAGE, HANGS, || {
        let (mut tasks, events) = counted();
        let waiting = [(); 3].map(|()| Waiting::default());
        waiting.iter().for_each(|it| tasks.spawn(it.task()));
        let count = || events.load(Ordering::SeqCst);
        let rule = "Three spawns are three wakes, and one event.";
        assert_eq!(count(), 1, "{}", differs(PAGE, rule));
        tasks.turn();
        (0..30).for_each(|n| waiting[n % 3].wake());
        let rule = "Until the next turn, the first wake sends an event, and \
                    the others find that one was sent.";
        assert_eq!(count(), 2, "{}", differs(PAGE, rule));
        tasks.turn();
        waiting[0].wake();
        let rule = "After a turn the next wake sends an event again.";
        assert_eq!(count(), 3, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_turn_polls_those_that_were_woken_and_nobody_else() {
    watched(PAGE, HANGS, || {
        let (mut tasks, _) = counted();
        let (woken, asleep) = (Waiting::default(), Waiting::default());
        tasks.spawn(woken.task());
        tasks.spawn(asleep.task());
        tasks.turn();
        woken.wake();
        woken.wake();
        let polls = || (woken.polls.get(), asleep.polls.get());
        let rule = "A wake polls nothing.";
        assert_eq!(polls(), (1, 1), "{}", differs(PAGE, rule));
        tasks.turn();
        let rule = "The task that was woken is polled once, the other not.";
        assert_eq!(polls(), (2, 1), "{}", differs(PAGE, rule));
        tasks.turn();
        assert_eq!(polls(), (2, 1), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_task_that_wakes_itself_waits_for_the_next_turn() {
    watched(PAGE, HANGS, || {
        let (mut tasks, events) = counted();
        let polls = Rc::new(Cell::new(0));
        let count = polls.clone();
        tasks.spawn(poll_fn(move |context| {
            count.set(count.get() + 1);
            context.waker().wake_by_ref();
            Poll::Pending
        }));
        for turn in 1..=3 {
            tasks.turn();
            let rule = "A turn polls it once, so that the loop has its turn.";
            assert_eq!(polls.get(), turn, "{}", differs(PAGE, rule));
            let rule = "The wake inside the poll sends the next event.";
            let sent = events.load(Ordering::SeqCst);
            assert!(sent > turn, "{}", why(PAGE, rule));
        }
    });
}

#[test]
fn a_task_that_is_done_is_dropped_and_may_be_woken() {
    watched(PAGE, HANGS, || {
        let (mut tasks, _) = counted();
        let owned = Rc::new(());
        let seen = owned.clone();
        let kept: Rc<RefCell<Option<Waker>>> = Rc::default();
        let keep = kept.clone();
        tasks.spawn(async move {
            let _owned = owned;
            poll_fn(|context| {
                keep.replace(Some(context.waker().clone()));
                Poll::Ready(())
            })
            .await;
        });
        tasks.spawn(pending());
        tasks.turn();
        let rule = "One task is done, and one waits.";
        assert_eq!(tasks.left(), 1, "{}", differs(PAGE, rule));
        let rule = "A task that is done is dropped with all that it owns.";
        assert_eq!(Rc::strong_count(&seen), 1, "{}", differs(PAGE, rule));
        kept.take().expect("it was polled").wake();
        tasks.turn();
        assert_eq!(tasks.left(), 1, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_loop_that_is_quick_finds_the_task_woken() {
    watched(PAGE, HANGS, || {
        let (send_event, events) = channel();
        let (handled, is_handled) = channel();
        let is_handled = Mutex::new(is_handled);
        let mut tasks = Tasks::new(move || {
            let _ = send_event.send(());
            // The loop handles the event before the wake goes on. If it has to
            // wait for a lock of the exercise, it comes later.
            let is_handled = is_handled.lock().expect("nobody panics");
            let _ = is_handled.recv_timeout(Duration::from_millis(300));
        });
        let _ = handled.send(());
        let place = Arc::new(Mutex::new(None::<Waker>));
        let kept = place.clone();
        tasks.spawn(poll_fn(move |context| {
            let mut kept = kept.lock().expect("nobody panics");
            match kept.replace(context.waker().clone()) {
                None => Poll::Pending,
                Some(_) => Poll::Ready(()),
            }
        }));
        tasks.turn();
        while events.try_recv().is_ok() {}

        let waker = place.lock().expect("nobody panics").clone();
        let wake = || waker.into_iter().for_each(Waker::wake);
        let worker = thread::spawn(wake);
        events.recv().expect("the task holds a waker");
        tasks.turn();
        let _ = handled.send(());
        worker.join().expect("it does not panic");
        while events.try_recv().is_ok() {
            tasks.turn();
        }
        let rule = "The loop handled the event at once and found nobody woken. \
                    No other event comes. What has to be done before the \
                    event is sent?";
        assert_eq!(tasks.left(), 0, "{}", differs(PAGE, rule));
    });
}
