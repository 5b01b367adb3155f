include!(concat!(env!("OUT_DIR"), "/timer.rs"));

use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use exercises::threads::Threads;
use exercises::{Meanwhile, Task, differs, is_ready, watched, why};
use timer::{Sleep, sleep_until};

const SLEEP: &str = "wakers/timer.html#a-future-that-starts-a-thread";
const STOP: &str =
    "wakers/timer.html#a-thread-that-can-be-told-to-stop-condvar";
const NO_WAKE: &str = "No wake comes. At the deadline the thread has to wake \
                       the task that polled last.";
const LOST: &str = "The deadline passed in the middle of the first poll. The \
                    thread found no waker, and the poll, which had looked \
                    before, is pending. Store the waker first, and look then.";
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A sleep that was pending when it was polled as each of `tasks`. On a busy
/// machine a deadline may pass meanwhile: then the next sleep is longer.
fn pending(threads: &Threads, tasks: &[&Arc<Task>]) -> Sleep {
    let mut time = Duration::from_millis(10);
    loop {
        let mut sleep = sleep_until(Instant::now() + time, threads);
        let mut polls = tasks.iter().map(|task| task.poll(&mut sleep));
        if polls.all(|poll| poll.is_pending()) {
            return sleep;
        }
        time *= 2;
    }
}

#[test]
fn the_thread_wakes_the_task_at_the_deadline() {
    watched(SLEEP, NO_WAKE, || {
        let (task, threads) = (Task::new(), Threads::new());
        let mut sleep = pending(&threads, &[&task]);
        task.wait_for(1);
        let rule = "It was woken, so the deadline has passed, and a poll is \
                    ready.";
        assert!(is_ready(&mut sleep), "{}", why(SLEEP, rule));
        let rule = "A sleep is ready at its deadline and not earlier.";
        let (task, later) = (Task::new(), Instant::now() + HOUR);
        let mut sleep = sleep_until(later, &threads);
        assert!(task.poll(&mut sleep).is_pending(), "{}", why(SLEEP, rule));
        let rule = "Only the deadline is a reason to wake. Asking again and \
                    again is not waiting: this is a busy wake.";
        assert_eq!(task.wakes(), 0, "{}", differs(SLEEP, rule));
    });
}

#[test]
fn a_deadline_that_passes_during_the_poll_is_seen_or_wakes() {
    watched(SLEEP, LOST, || {
        let (task, threads) = (Task::new(), Threads::new());
        let deadline = Instant::now() + Duration::from_millis(20);
        let mut sleep = sleep_until(deadline, &threads);
        // While the waker is cloned, the deadline passes and the thread ends.
        let ends = threads.clone();
        let meanwhile = Meanwhile::new(&task, move || {
            let now = Instant::now();
            thread::sleep(deadline.saturating_duration_since(now));
            ends.wait_for_all();
        });
        if meanwhile.poll(&mut sleep).is_pending() {
            task.wait_for(1);
        }
    });
}

#[test]
fn a_deadline_that_comes_during_a_later_poll_is_seen_or_wakes() {
    let lost = "The deadline came in the middle of a poll, which had looked at \
                the clock before. The thread found the waker of an earlier \
                poll, and this one is never woken. Store the waker first, and \
                then look at the clock.";
    watched(SLEEP, lost, || {
        let (old, new, threads) = (Task::new(), Task::new(), Threads::new());
        let mut sleep = pending(&threads, &[&old]);
        let meanwhile = Meanwhile::new(&new, move || {
            // Until the thread has woken, unless it waits for a lock.
            let patience = Instant::now() + Duration::from_secs(1);
            while old.wakes() == 0 && Instant::now() < patience {
                thread::sleep(Duration::from_millis(1));
            }
        });
        if meanwhile.poll(&mut sleep).is_pending() {
            new.wait_for(1);
        }
    });
}

#[test]
fn a_sleep_whose_deadline_has_passed_is_ready_at_its_first_poll() {
    watched(SLEEP, "`poll` does not come back.", || {
        let mut sleep = sleep_until(Instant::now(), &Threads::new());
        let rule = "The deadline has passed before the first poll, so nobody \
                    needs to wait.";
        assert!(is_ready(&mut sleep), "{}", why(SLEEP, rule));
    });
}

#[test]
fn the_task_that_polled_last_is_woken() {
    watched(SLEEP, NO_WAKE, || {
        let (old, new, threads) = (Task::new(), Task::new(), Threads::new());
        let _sleep = pending(&threads, &[&old, &new]);
        new.wait_for(1);
    });
}

#[test]
fn each_poll_uses_the_same_thread() {
    watched(SLEEP, "`poll` does not come back.", || {
        let (task, threads) = (Task::new(), Threads::new());
        let mut sleep = sleep_until(Instant::now() + HOUR, &threads);
        for _ in 0..3 {
            let _ = task.poll(&mut sleep);
        }
        let rule = "A sleep has one thread, however often it is polled.";
        assert!(threads.running() <= 1, "{}", why(SLEEP, rule));
    });
}

#[test]
fn a_dropped_sleep_leaves_no_thread_and_no_waker() {
    let hangs = "The sleep was dropped, and its thread sleeps on. The thread \
                 needs a wait that ends at the deadline or when the future \
                 is dropped: of a `Condvar`, or of a channel.";
    watched(STOP, hangs, || {
        let (task, threads) = (Task::new(), Threads::new());
        let mut sleep = sleep_until(Instant::now() + HOUR, &threads);
        let _ = task.poll(&mut sleep);
        let _ = task.poll(&mut sleep);
        drop(sleep);
        threads.wait_for_all();
        let rule = "The sleep and its thread are gone, and this many wakers \
                    of the task are left. A waker may be the last owner of a \
                    task's memory.";
        assert_eq!(task.wakers(), 0, "{}", differs(STOP, rule));
        let rule = "Nobody waits any more, so nobody is woken.";
        assert_eq!(task.wakes(), 0, "{}", differs(STOP, rule));
    });
}

/// A task whose waker polls on the spot.
struct OnTheSpot {
    sleep: Mutex<Sleep>,
    ready: Mutex<bool>,
    told: Condvar,
}

impl OnTheSpot {
    fn poll(self: &Arc<Self>) -> Poll<()> {
        let waker = Waker::from(self.clone());
        let mut sleep = self.sleep.lock().unwrap();
        std::pin::Pin::new(&mut *sleep).poll(&mut Context::from_waker(&waker))
    }
}

impl Wake for OnTheSpot {
    fn wake(self: Arc<Self>) {
        if self.poll().is_ready() {
            *self.ready.lock().unwrap() = true;
            self.told.notify_all();
        }
    }
}

#[test]
fn a_waker_may_poll_while_it_wakes() {
    let hangs = "The waker polls the sleep inside `wake`, and hangs there. \
                 Take the waker out, release the lock, and wake then.";
    watched(SLEEP, hangs, || {
        let threads = Threads::new();
        let mut time = Duration::from_millis(10);
        loop {
            let sleep = sleep_until(Instant::now() + time, &threads);
            let task = Arc::new(OnTheSpot {
                sleep: Mutex::new(sleep),
                ready: Mutex::new(false),
                told: Condvar::new(),
            });
            if task.poll().is_pending() {
                let ready = task.ready.lock().unwrap();
                drop(task.told.wait_while(ready, |ready| !*ready));
                break;
            }
            time *= 2;
        }
    });
}
