//! Says that something happened, without a value.

use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::wakers::channel::waiters::Waiters;
use crate::wakers::contract::wake_all::wake_all;

// ANCHOR: notify
/// Something to wait for that can happen again and again.
#[derive(Debug, Default)]
pub struct Notify {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// A `notify_one` found no future in the line: the next need not wait.
    permit: bool,
    waiters: Waiters,
    /// The numbers that `notify_one` has told, until their futures are
    /// polled or dropped.
    told: VecDeque<u64>,
    /// How often `notify_waiters` was called.
    rounds: u64,
}

impl State {
    /// Tells the future that has waited longest, which is to be woken. If
    /// none waits, a permit is kept.
    fn tell_one(&mut self) -> Option<Waker> {
        let Some((number, waker)) = self.waiters.serve() else {
            self.permit = true;
            return None;
        };
        self.told.push_back(number);
        Some(waker)
    }

    /// Whether `notify_one` has told this number. It is then off the list.
    fn take_told(&mut self, number: u64) -> bool {
        let index = self.told.iter().position(|told| *told == number);
        index.is_some_and(|index| self.told.remove(index).is_some())
    }
}
// ANCHOR_END: notify

// ANCHOR: tell
impl Notify {
    /// Tells the future that has waited longest. If none waits, a permit is
    /// kept, and the next future need not wait. There is one permit at most.
    pub fn notify_one(&self) {
        let next = self.lock().tell_one();
        wake_all(next);
    }

    /// Tells every future that [`notified`](Notify::notified) has returned
    /// so far. No permit is kept.
    pub fn notify_waiters(&self) {
        let mut state = self.lock();
        state.rounds += 1;
        let all = state.waiters.take_all();
        drop(state);
        wake_all(all);
    }

    /// Waits until it is told.
    ///
    /// Cancel safety: a future that was told by `notify_one` and is dropped
    /// before it is ready tells the next one.
    pub fn notified(&self) -> Notified<'_> {
        let stage = Stage::New { round: self.lock().rounds };
        Notified { notify: self, stage }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic under the lock leaves the state in order.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
// ANCHOR_END: tell

// ANCHOR: notified
/// A future that is ready when it was told; see [`Notify::notified`].
/// A poll after that is ready again.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    notify: &'a Notify,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Not polled yet. It was made in this round.
    New {
        round: u64,
    },
    /// In the line, or told.
    Waits {
        number: u64,
    },
    Done,
}
// ANCHOR_END: notified

// ANCHOR: poll
impl Future for Notified<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let notify = self.notify;
        if !self.stage.is_over(&mut notify.lock()) {
            // A clone is the waker's own code: no lock is held meanwhile.
            let waker = cx.waker().clone();
            let old = self.stage.wait(&mut notify.lock(), waker);
            drop(old);
            // It may have been told since.
            if !self.stage.is_over(&mut notify.lock()) {
                return Poll::Pending;
            }
        }
        self.stage = Stage::Done;
        Poll::Ready(())
    }
}
// ANCHOR_END: poll

// ANCHOR: stage
impl Stage {
    /// Whether the wait is over. Takes the permit, or what was told.
    fn is_over(&self, state: &mut State) -> bool {
        match self {
            Stage::New { round } if *round != state.rounds => true,
            Stage::New { .. } => mem::take(&mut state.permit),
            Stage::Waits { number } => {
                state.take_told(*number) || !state.waiters.contains(*number)
            }
            Stage::Done => true,
        }
    }

    /// Waits in the line with the newest waker. Returns one that is not
    /// needed.
    fn wait(&mut self, state: &mut State, waker: Waker) -> Option<Waker> {
        match self {
            Stage::Waits { number } => {
                Some(state.waiters.renew(*number, waker))
            }
            Stage::New { round } if *round == state.rounds => {
                *self = Stage::Waits { number: state.waiters.join(waker) };
                // With a permit nobody else waits: this one is told.
                let permit = mem::take(&mut state.permit);
                if permit { state.tell_one() } else { None }
            }
            Stage::New { .. } | Stage::Done => Some(waker),
        }
    }
}
// ANCHOR_END: stage

// ANCHOR: leave
impl Drop for Notified<'_> {
    fn drop(&mut self) {
        if let Stage::Waits { number } = self.stage {
            self.notify.leave(number);
        }
    }
}

impl Notify {
    #[cold]
    fn leave(&self, number: u64) {
        let mut state = self.lock();
        let waker = state.waiters.leave(number);
        let told = state.take_told(number);
        let next = if told { state.tell_one() } else { None };
        drop(state);
        drop(waker);
        wake_all(next);
    }
}
// ANCHOR_END: leave

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::task::Wake;
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;

    const LIMIT: Duration = Duration::from_secs(30);

    fn poll(notified: &mut Notified<'_>, waker: &Waker) -> Poll<()> {
        Pin::new(notified).poll(&mut Context::from_waker(waker))
    }

    fn told(notified: &mut Notified<'_>) -> bool {
        poll(notified, Waker::noop()).is_ready()
    }

    #[test]
    fn one_permit_is_kept_and_not_two() {
        let notify = Notify::default();
        notify.notify_one();
        notify.notify_one();
        assert!(told(&mut notify.notified()));
        assert!(!told(&mut notify.notified()));
    }

    #[test]
    fn futures_that_wait_are_told_one_by_one_in_the_order_they_came() {
        let notify = Notify::default();
        let counters = [(); 3].map(|_| Counter::new());
        let mut all = [(); 3].map(|()| notify.notified());
        for (it, (_, waker)) in all.iter_mut().zip(&counters) {
            assert!(poll(it, waker).is_pending());
        }
        for (it, (counter, waker)) in all.iter_mut().zip(&counters) {
            assert!(poll(it, waker).is_pending());
            notify.notify_one();
            assert_eq!(counter.wakes(), 1);
            assert!(poll(it, waker).is_ready());
            assert!(poll(it, waker).is_ready());
        }
    }

    #[test]
    fn two_that_are_not_in_the_line_are_told_of_two_news_as_one() {
        let notify = Notify::default();
        let (mut first, mut second) = (notify.notified(), notify.notified());
        notify.notify_one();
        notify.notify_one();
        assert!(told(&mut first));
        assert!(!told(&mut second));
    }

    #[test]
    fn a_future_that_comes_later_does_not_take_what_was_told() {
        let notify = Notify::default();
        let (mut first, mut later) = (notify.notified(), notify.notified());
        assert!(!told(&mut first));
        notify.notify_one();
        assert!(!told(&mut later));
        assert!(told(&mut first));
    }

    #[test]
    fn the_newest_waker_is_woken() {
        let notify = Notify::default();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let mut it = notify.notified();
        assert!(poll(&mut it, &waker_a).is_pending());
        assert!(poll(&mut it, &waker_b).is_pending());
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        notify.notify_one();
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
    }

    #[test]
    fn one_that_is_dropped_in_the_line_leaves_it() {
        let notify = Notify::default();
        let (counter, waker) = Counter::new();
        let (mut first, mut second) = (notify.notified(), notify.notified());
        assert!(poll(&mut first, &waker).is_pending());
        assert!(!told(&mut second));
        drop(first);
        assert_eq!(counter.wakers(), 1);
        notify.notify_one();
        assert!(told(&mut second));
    }

    #[test]
    fn one_that_was_told_and_is_dropped_tells_the_next() {
        let notify = Notify::default();
        let (counter, waker) = Counter::new();
        let (mut first, mut second) = (notify.notified(), notify.notified());
        assert!(!told(&mut first));
        assert!(poll(&mut second, &waker).is_pending());
        notify.notify_one();
        assert_eq!(counter.wakes(), 0);
        drop(first);
        assert_eq!(counter.wakes(), 1);
        assert!(poll(&mut second, &waker).is_ready());
    }

    #[test]
    fn the_last_one_that_was_told_and_is_dropped_leaves_the_permit() {
        let notify = Notify::default();
        let mut first = notify.notified();
        assert!(!told(&mut first));
        notify.notify_one();
        drop(first);
        assert!(told(&mut notify.notified()));
        assert!(!told(&mut notify.notified()));
    }

    #[test]
    fn one_that_used_what_it_was_told_tells_nobody() {
        let notify = Notify::default();
        let (mut first, mut second) = (notify.notified(), notify.notified());
        assert!(!told(&mut first));
        assert!(!told(&mut second));
        notify.notify_one();
        assert!(told(&mut first));
        drop(first);
        assert!(!told(&mut second));
    }

    #[test]
    fn all_are_told_and_nothing_is_kept() {
        let notify = Notify::default();
        let (counter, waker) = Counter::new();
        let mut all = [(); 3].map(|()| notify.notified());
        let mut never_polled = notify.notified();
        for it in &mut all {
            assert!(poll(it, &waker).is_pending());
        }
        notify.notify_waiters();
        assert_eq!(counter.wakes(), 3);
        assert!(all.iter_mut().all(told));
        assert!(told(&mut never_polled));
        assert!(!told(&mut notify.notified()));
    }

    #[test]
    fn what_was_told_to_all_is_not_told_on_but_what_was_told_to_one_is() {
        let notify = Notify::default();
        let (mut one, mut other) = (notify.notified(), notify.notified());
        assert!(!told(&mut one));
        assert!(!told(&mut other));
        notify.notify_one();
        notify.notify_waiters();
        drop(other);
        assert!(!told(&mut notify.notified()));
        drop(one);
        assert!(told(&mut notify.notified()));
    }

    #[test]
    fn what_was_told_and_heard_is_off_the_list() {
        let notify = Notify::default();
        for _ in 0..10 {
            let mut it = notify.notified();
            assert!(!told(&mut it));
            notify.notify_one();
            assert!(told(&mut it));
            assert!(notify.lock().told.is_empty());
        }
    }

    #[test]
    fn wakers_that_come_back_in_clone_and_drop_meet_no_lock() {
        let run = || {
            let notify: &'static Notify = Box::leak(Box::default());
            let guest = Guest::new();
            guest.next(Moment::Clone, || notify.notify_one());
            let mut it = notify.notified();
            // It was told while its waker was cloned.
            assert!(poll(&mut it, &guest.waker()).is_ready());
            let mut it = notify.notified();
            assert!(poll(&mut it, &guest.waker()).is_pending());
            guest.next(Moment::Drop, || notify.notify_one());
            // The old waker tells it when it is replaced.
            assert!(told(&mut it));
            (guest.deeds_left(), guest.handles())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((0, 0)));
    }

    #[test]
    fn a_waker_that_panics_in_its_clone_leaves_the_line_as_it_was() {
        let notify = Notify::default();
        let guest = Guest::new();
        guest.next(Moment::Clone, panics);
        let waker = guest.waker();
        let mut it = notify.notified();
        let poll_it = || poll(&mut it, &waker).is_ready();
        assert_eq!(caught(poll_it), Err(Caught::Guest));
        notify.notify_one();
        assert!(told(&mut it));
        drop((it, waker));
        assert_eq!(guest.handles(), 0);
    }

    #[test]
    fn a_drop_that_panics_loses_nothing() {
        let run = |waits: bool| {
            let notify: &'static Notify = Box::leak(Box::default());
            let mut it = notify.notified();
            assert!(!waits || !told(&mut it));
            let guest = Guest::new();
            // It is told meanwhile, so the clone is not needed.
            guest.next(Moment::Clone, || notify.notify_one());
            guest.next(Moment::Drop, panics);
            let bad = guest.waker();
            let poll_it = || poll(&mut it, &bad).is_ready();
            assert_eq!(caught(poll_it), Err(Caught::Guest));
            drop(it);
            told(&mut notify.notified())
        };
        let both = move || (run(false), run(true));
        assert_eq!(watchdog(LIMIT, both), Ok((true, true)));
    }

    struct Bad;

    impl Wake for Bad {
        fn wake(self: Arc<Self>) {
            panic!("on purpose");
        }
    }

    #[test]
    fn a_waker_that_panics_loses_nothing() {
        let notify = Notify::default();
        let (counter, waker) = Counter::new();
        let bad = Waker::from(Arc::new(Bad));
        let (mut first, mut second) = (notify.notified(), notify.notified());
        assert!(poll(&mut first, &bad).is_pending());
        assert!(poll(&mut second, &waker).is_pending());
        let tell = AssertUnwindSafe(|| notify.notify_one());
        assert!(catch_unwind(tell).is_err());
        drop(first);
        assert_eq!(counter.wakes(), 1);
        assert!(told(&mut second));
    }

    #[test]
    fn all_are_woken_even_if_one_panics() {
        let notify = Notify::default();
        let (counter, waker) = Counter::new();
        let bad = Waker::from(Arc::new(Bad));
        let mut all = [(); 3].map(|()| notify.notified());
        for (it, waker) in all.iter_mut().zip([&waker, &bad, &waker]) {
            assert!(poll(it, waker).is_pending());
        }
        let tell = AssertUnwindSafe(|| notify.notify_waiters());
        assert!(catch_unwind(tell).is_err());
        assert_eq!(counter.wakes(), 2);
    }

    /// A waker whose task waits at the notify too.
    struct Holds(
        Arc<Notify>,
        #[expect(dead_code, reason = "held to drop")] Notified<'static>,
    );

    impl Wake for Holds {
        fn wake(self: Arc<Self>) {
            self.0.notify_one();
        }
    }

    #[test]
    fn a_waker_may_notify_and_its_last_one_may_drop_a_waiter() {
        let run = || {
            let notify: &'static Arc<Notify> = Box::leak(Box::default());
            let mut held = notify.notified();
            assert!(!told(&mut held));
            let last = Waker::from(Arc::new(Holds(notify.clone(), held)));
            let mut it = notify.notified();
            assert!(poll(&mut it, &last).is_pending());
            drop(last);
            // Tells the held one; the last waker drops that one.
            assert!(poll(&mut it, Waker::noop()).is_pending());
            let held = notify.notified();
            let last = Waker::from(Arc::new(Holds(notify.clone(), held)));
            assert!(poll(&mut it, &last).is_pending());
            drop(last);
            // Its wake tells again: nobody waits, so a permit is kept.
            notify.notify_one();
            (told(&mut it), told(&mut notify.notified()))
        };
        assert_eq!(watchdog(LIMIT, run), Ok((true, true)));
    }

    /// A list that several threads empty, who are told when there is more.
    #[derive(Default)]
    struct Shared {
        left: AtomicU32,
        taken: AtomicU32,
        notify: Notify,
    }

    impl Shared {
        fn take(&self) -> bool {
            let less = |left: u32| left.checked_sub(1);
            let took = self.left.fetch_update(Relaxed, Relaxed, less).is_ok();
            self.taken.fetch_add(u32::from(took), Relaxed);
            took
        }
    }

    #[test]
    fn no_notice_is_lost_between_threads_that_give_up_all_the_time() {
        const ALL: u32 = 300;
        let run = || {
            let shared = Arc::new(Shared::default());
            let makers = [(); 3].map(|()| {
                let shared = shared.clone();
                thread::spawn(move || {
                    for _ in 0..ALL / 3 {
                        shared.left.fetch_add(1, Relaxed);
                        shared.notify.notify_one();
                    }
                })
            });
            let fickle = {
                let shared = shared.clone();
                thread::spawn(move || {
                    for _ in 0..500 {
                        // Told by now or not, it is dropped. If it used a
                        // permit, it gives one back.
                        if told(&mut shared.notify.notified()) {
                            shared.notify.notify_one();
                        }
                    }
                })
            };
            block_on(async {
                while shared.taken.load(Relaxed) < ALL {
                    let more = shared.notify.notified();
                    if !shared.take() && shared.taken.load(Relaxed) < ALL {
                        more.await;
                    }
                }
            });
            for it in makers.into_iter().chain([fickle]) {
                it.join().expect("it does not panic");
            }
            shared.taken.load(Relaxed)
        };
        assert_eq!(watchdog(LIMIT, run), Ok(ALL));
    }
}
