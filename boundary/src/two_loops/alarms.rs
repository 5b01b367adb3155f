//! The timer of an event loop: tasks leave deadlines, and the loop sleeps until
//! the first of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use listings::wakers::contract::wake_all::wake_all;

// ANCHOR: alarms
/// The deadlines that the tasks of a loop wait for.
#[derive(Clone, Default)]
pub struct Alarms(Rc<RefCell<Waiting>>);

#[derive(Default)]
struct Waiting {
    /// The first deadline first. The number tells equal deadlines apart.
    wakers: BTreeMap<(Instant, u64), Waker>,
    next_number: u64,
}

impl Alarms {
    /// When the loop has to wake up.
    pub fn first(&self) -> Option<Instant> {
        let waiting = self.0.borrow();
        waiting.wakers.first_key_value().map(|((deadline, _), _)| *deadline)
    }

    /// Wakes the tasks whose deadline is not after `now`.
    pub fn ring(&self, now: Instant) {
        let mut waiting = self.0.borrow_mut();
        let later = waiting.wakers.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut waiting.wakers, later);
        // Wakers are foreign code: woken when nothing is borrowed.
        drop(waiting);
        wake_all(due.into_values());
    }
}
// ANCHOR_END: alarms

// ANCHOR: sleep
/// A future that is ready once the loop has rung for its deadline. Dropped
/// before that, it takes its deadline along.
#[must_use = "futures do nothing unless polled"]
pub struct Sleep {
    alarms: Alarms,
    deadline: Instant,
    /// `None` before the first poll.
    number: Option<u64>,
}

impl Alarms {
    /// Waits until the loop rings for `deadline`.
    pub fn sleep_until(&self, deadline: Instant) -> Sleep {
        Sleep { alarms: self.clone(), deadline, number: None }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut waiting = self.alarms.0.borrow_mut();
        let (number, is_new) = match self.number {
            Some(number) => (number, false),
            None => (waiting.next_number, true),
        };
        let key = (self.deadline, number);
        if !is_new && !waiting.wakers.contains_key(&key) {
            return Poll::Ready(());
        }
        let old = waiting.wakers.insert(key, waker);
        waiting.next_number += u64::from(is_new);
        drop(waiting);
        drop(old);
        self.number = Some(number);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let key = (self.deadline, number);
        let waker = self.alarms.0.borrow_mut().wakers.remove(&key);
        drop(waker);
    }
}
// ANCHOR_END: sleep

impl fmt::Debug for Alarms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alarms").finish_non_exhaustive()
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deadline = &self.deadline;
        f.debug_struct("Sleep").field("deadline", deadline).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use listings::proof::hostile::{Guest, Moment, caught, panics};

    use super::*;

    fn poll(sleep: &mut Sleep, waker: &Waker) -> Poll<()> {
        Pin::new(sleep).poll(&mut Context::from_waker(waker))
    }

    /// A moment, and others after it: no test waits for a clock.
    fn moments() -> [Instant; 4] {
        let now = Instant::now();
        [0, 1, 2, 3].map(|hours| now + Duration::from_secs(3600 * hours))
    }

    #[test]
    fn the_loop_sleeps_until_the_first_deadline() {
        let [now, one, two, three] = moments();
        let alarms = Alarms::default();
        assert_eq!(alarms.first(), None);
        let guests = [Guest::new(), Guest::new(), Guest::new()];
        let mut sleeps = [two, one, two].map(|at| alarms.sleep_until(at));
        assert_eq!(alarms.first(), None, "nobody has polled");
        for (sleep, guest) in sleeps.iter_mut().zip(&guests) {
            assert!(poll(sleep, &guest.waker()).is_pending());
        }
        let wakes = || guests.each_ref().map(Guest::wakes);
        assert_eq!(alarms.first(), Some(one));
        alarms.ring(now);
        assert_eq!(wakes(), [0, 0, 0]);
        alarms.ring(one);
        assert_eq!((wakes(), alarms.first()), ([0, 1, 0], Some(two)));
        alarms.ring(three);
        assert_eq!((wakes(), alarms.first()), ([1, 1, 1], None));
        for sleep in &mut sleeps {
            assert!(poll(sleep, Waker::noop()).is_ready());
        }
    }

    #[test]
    fn the_newest_waker_is_woken() {
        let [_, one, ..] = moments();
        let alarms = Alarms::default();
        let mut sleep = alarms.sleep_until(one);
        let (old, new) = (Guest::new(), Guest::new());
        assert!(poll(&mut sleep, &old.waker()).is_pending());
        assert!(poll(&mut sleep, &new.waker()).is_pending());
        alarms.ring(one);
        assert_eq!((old.wakes(), new.wakes(), old.handles()), (0, 1, 0));
    }

    #[test]
    fn a_sleep_that_is_dropped_takes_its_deadline_along() {
        let [_, one, ..] = moments();
        let alarms = Alarms::default();
        let mut sleep = alarms.sleep_until(one);
        let guest = Guest::new();
        assert!(poll(&mut sleep, &guest.waker()).is_pending());
        drop(sleep);
        assert_eq!((alarms.first(), guest.handles()), (None, 0));
    }

    #[test]
    fn a_waker_may_come_back_at_any_moment() {
        let [_, one, ..] = moments();
        for moment in [Moment::Clone, Moment::Wake, Moment::Drop] {
            let alarms = Rc::new(Alarms::default());
            let guest = Guest::new();
            let mut sleep = alarms.sleep_until(one);
            let first = guest.waker();
            assert!(poll(&mut sleep, &first).is_pending());
            drop(first);
            // A deed must be `Send`, so it finds the alarms by the thread.
            HERE.with(|here| here.replace(Some(alarms.clone())));
            guest.next(moment, move || {
                let alarms = HERE.with(|here| here.take());
                alarms.expect("they were left here").ring(one);
            });
            let second = guest.waker();
            let _ = poll(&mut sleep, &second);
            alarms.ring(one);
            assert!(poll(&mut sleep, &second).is_ready());
            drop((sleep, second));
            assert_eq!((guest.deeds_left(), guest.handles()), (0, 0));
        }
    }

    thread_local! {
        static HERE: RefCell<Option<Rc<Alarms>>> = const { RefCell::new(None) };
    }

    #[test]
    fn a_waker_that_panics_keeps_no_other_task_asleep() {
        let [_, one, ..] = moments();
        let alarms = Alarms::default();
        let (bad, good) = (Guest::new(), Guest::new());
        bad.next(Moment::Wake, panics);
        let mut sleeps = [(); 2].map(|()| alarms.sleep_until(one));
        assert!(poll(&mut sleeps[0], &bad.waker()).is_pending());
        assert!(poll(&mut sleeps[1], &good.waker()).is_pending());
        assert!(caught(|| alarms.ring(one)).is_err());
        assert_eq!(good.wakes(), 1);
    }
}
