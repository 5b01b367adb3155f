//! A fair mutex: a waiter that is dropped passes its turn on.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::{self, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::wakers::channel::waiters::Waiters;
use crate::wakers::contract::wake_all::wake_all;

/// A value that one task at a time may hold, in the order of their `lock`s.
///
/// It is not poisoned by a panic: the next one gets the value as it was left.
pub struct Mutex<T> {
    state: sync::Mutex<State<T>>,
}

struct State<T> {
    /// The value, while nobody holds it and nobody waits.
    free: Option<T>,
    /// The value, while it is kept for the future that was served.
    given: Option<T>,
    waiters: Waiters,
}

/// Waits for the value; see [`Mutex::lock`].
#[must_use = "futures do nothing unless polled"]
pub struct Lock<'a, T> {
    mutex: &'a Mutex<T>,
    /// Its number in the line, if it had to wait.
    number: Option<u64>,
}

/// Holds the value, and gives it back when dropped.
#[must_use = "a guard that is dropped gives the value back"]
pub struct Guard<'a, T> {
    mutex: &'a Mutex<T>,
    /// `None` only while the guard is dropped.
    value: Option<T>,
}

impl<T> State<T> {
    /// Gives the value to the future that has waited longest, which is to be
    /// woken. If none waits, the value is free.
    fn give(&mut self, value: T) -> Option<Waker> {
        let Some((_, waker)) = self.waiters.serve() else {
            self.free = Some(value);
            return None;
        };
        self.given = Some(value);
        Some(waker)
    }
}

impl<T> Mutex<T> {
    /// A mutex around `value`.
    pub fn new(value: T) -> Self {
        let (free, waiters) = (Some(value), Waiters::default());
        let state = State { free, given: None, waiters };
        Mutex { state: sync::Mutex::new(state) }
    }

    /// Returns a future of the value. Its first poll takes the value or a
    /// place in the line. Polled again after it was ready, it asks anew.
    ///
    /// Cancel safety: dropping it gives up the place. If its turn had come,
    /// the next one has it.
    pub fn lock(&self) -> Lock<'_, T> {
        Lock { mutex: self, number: None }
    }

    fn state(&self) -> sync::MutexGuard<'_, State<T>> {
        // A panic under this lock leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// ANCHOR: try_lock
impl<T> Mutex<T> {
    /// The value, if nobody holds it or waits for it.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        let value = Some(self.state().free.take()?);
        Some(Guard { mutex: self, value })
    }

    /// The value in its place: with `&mut`, nobody else can have it.
    ///
    /// # Panics
    /// When a guard was forgotten, and the value with it.
    pub fn get_mut(&mut self) -> &mut T {
        let state = self.state.get_mut();
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let value = state.free.as_mut().or(state.given.as_mut());
        value.expect("no guard was forgotten")
    }

    /// The value.
    ///
    /// # Panics
    /// When a guard was forgotten, and the value with it.
    pub fn into_inner(self) -> T {
        let state = self.state.into_inner();
        let state = state.unwrap_or_else(PoisonError::into_inner);
        state.free.or(state.given).expect("no guard was forgotten")
    }
}
// ANCHOR_END: try_lock

impl<'a, T> Lock<'a, T> {
    /// The value, if it is free for this future or was given to it.
    fn guard(&mut self, state: &mut State<T>) -> Option<Guard<'a, T>> {
        let value = match self.number {
            None => state.free.take(),
            Some(number) if state.waiters.contains(number) => None,
            Some(_) => state.given.take(),
        };
        let value = Some(value?);
        self.number = None;
        Some(Guard { mutex: self.mutex, value })
    }

    /// Waits in the line with the newest waker. Returns an older one.
    fn wait(&mut self, state: &mut State<T>, waker: Waker) -> Option<Waker> {
        if let Some(number) = self.number {
            return Some(state.waiters.renew(number, waker));
        }
        self.number = Some(state.waiters.join(waker));
        None
    }
}

impl<'a, T> Future for Lock<'a, T> {
    type Output = Guard<'a, T>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Guard<'a, T>> {
        let mutex = self.mutex;
        let mut guard = self.guard(&mut mutex.state());
        if guard.is_none() {
            // A clone is the waker's own code: no lock is held meanwhile.
            let waker = cx.waker().clone();
            let mut state = mutex.state();
            // The value may have come since.
            guard = self.guard(&mut state);
            if guard.is_none() {
                let old = self.wait(&mut state, waker);
                drop(state);
                drop(old);
                return Poll::Pending;
            }
        }
        // If a clone that is not needed panics in its drop, so does this poll,
        // and the guard gives the value back.
        guard.map_or(Poll::Pending, Poll::Ready)
    }
}

// ANCHOR: drop
impl<T> Drop for Lock<'_, T> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.mutex.leave(number);
        }
    }
}

impl<T> Mutex<T> {
    // `#[cold]` says that it is seldom called: most locks do not wait.
    #[cold]
    fn leave(&self, number: u64) {
        let mut state = self.state();
        let waker = state.waiters.leave(number);
        let was_served = waker.is_none();
        // The value that was given and is not used goes to the next.
        let unused = if was_served { state.given.take() } else { None };
        let next = unused.and_then(|value| state.give(value));
        drop(state);
        drop(waker);
        wake_all(next);
    }
}
// ANCHOR_END: drop

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        let mut state = self.mutex.state();
        let next = self.value.take().and_then(|value| state.give(value));
        drop(state);
        wake_all(next);
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("it is there until the drop")
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("it is there until the drop")
    }
}

impl<T> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutex").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Lock<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock").finish_non_exhaustive()
    }
}

impl<T: fmt::Debug> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::task::Wake;
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;

    const LIMIT: Duration = Duration::from_secs(30);

    fn poll<'a, T>(
        lock: &mut Lock<'a, T>,
        waker: &Waker,
    ) -> Poll<Guard<'a, T>> {
        Pin::new(lock).poll(&mut Context::from_waker(waker))
    }

    /// One who waits, and its task.
    struct Waiting<'a> {
        lock: Lock<'a, Vec<usize>>,
        counter: Arc<Counter>,
        waker: Waker,
    }

    impl<'a> Waiting<'a> {
        fn at(mutex: &'a Mutex<Vec<usize>>) -> Self {
            let (counter, waker) = Counter::new();
            let mut lock = mutex.lock();
            assert!(poll(&mut lock, &waker).is_pending());
            Waiting { lock, counter, waker }
        }

        fn poll(&mut self) -> Poll<Guard<'a, Vec<usize>>> {
            poll(&mut self.lock, &self.waker)
        }
    }

    /// Takes turns until nobody is woken. Only who is woken is polled.
    fn run<const N: usize>(mut waiting: [Option<Waiting<'_>>; N]) {
        let woken = |waiting: &Option<Waiting<'_>>| {
            waiting.as_ref().is_some_and(|it| it.counter.wakes() > 0)
        };
        while let Some(name) = waiting.iter().position(woken) {
            let mut it = waiting[name].take().expect("it was woken");
            assert_eq!(it.counter.wakes(), 1, "{name} is woken once");
            let Poll::Ready(mut guard) = it.poll() else {
                panic!("{name} was woken, and it is its turn");
            };
            guard.push(name);
            let others = waiting.iter().filter(|it| woken(it)).count();
            assert_eq!(others, 0, "while {name} holds it nobody is woken");
        }
    }

    #[test]
    fn turns_come_in_the_order_of_the_first_polls() {
        let mutex = Mutex::new(vec![]);
        let guard = mutex.try_lock().expect("it is free");
        let waiting = [(); 5].map(|()| Some(Waiting::at(&mutex)));
        drop(guard);
        run(waiting);
        assert_eq!(mutex.into_inner(), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_waiter_may_give_up_at_any_place_and_the_others_get_their_turns() {
        // Before the first was woken, and after.
        for woken in [false, true] {
            for gone in 0..4 {
                let mutex = Mutex::new(vec![]);
                let mut guard = mutex.try_lock();
                let mut waiting = [(); 4].map(|()| Some(Waiting::at(&mutex)));
                if woken {
                    guard = None;
                }
                waiting[gone] = None;
                let wakes =
                    waiting.iter().flatten().map(|it| it.counter.wakes());
                assert_eq!(wakes.sum::<u32>(), u32::from(woken), "{gone}");
                drop(guard);
                run(waiting);
                let mut others = vec![0, 1, 2, 3];
                others.remove(gone);
                assert_eq!(mutex.into_inner(), others, "{woken} {gone}");
            }
        }
    }

    #[test]
    fn when_all_give_up_the_value_is_free() {
        let mutex = Mutex::new(vec![]);
        let guard = mutex.try_lock().expect("it is free");
        let waiting = [(); 3].map(|()| Waiting::at(&mutex));
        drop(guard);
        // Each is woken, and gives up.
        for it in waiting {
            assert_eq!(it.counter.wakes(), 1);
            assert!(mutex.try_lock().is_none());
            drop(it);
        }
        assert!(mutex.try_lock().is_some());
    }

    #[test]
    fn a_newcomer_gets_no_turn_that_is_another_ones() {
        let mutex = Mutex::new(vec![]);
        let guard = mutex.try_lock().expect("it is free");
        let mut waits = Waiting::at(&mutex);
        drop(guard);
        assert!(mutex.try_lock().is_none());
        assert!(poll_now(mutex.lock()).is_none());
        assert!(waits.poll().is_ready());
        assert!(mutex.try_lock().is_some());
    }

    #[test]
    fn a_lock_that_was_never_polled_has_no_place() {
        let mutex = Mutex::new(());
        let guard = mutex.try_lock().expect("it is free");
        let never = mutex.lock();
        drop(guard);
        assert!(mutex.try_lock().is_some());
        drop(never);
    }

    #[test]
    fn polls_that_nobody_asked_for_keep_one_place_and_one_waker() {
        let mutex = Mutex::new(vec![]);
        let guard = mutex.try_lock().expect("it is free");
        let mut waiting = [(); 2].map(|()| Some(Waiting::at(&mutex)));
        for it in waiting.iter_mut().flatten() {
            for _ in 0..1000 {
                assert!(it.poll().is_pending());
            }
            assert_eq!(it.counter.wakers(), 2);
        }
        drop(guard);
        run(waiting);
        assert_eq!(mutex.into_inner(), [0, 1]);
    }

    #[test]
    fn the_newest_waker_is_woken() {
        let mutex = Mutex::new(vec![]);
        let guard = mutex.try_lock().expect("it is free");
        let mut waits = Waiting::at(&mutex);
        let (newest, waker) = Counter::new();
        assert!(poll(&mut waits.lock, &waker).is_pending());
        drop(guard);
        assert_eq!((waits.counter.wakes(), newest.wakes()), (0, 1));
    }

    #[test]
    fn one_who_is_woken_and_not_polled_holds_up_the_line() {
        let mutex = Mutex::new(vec![]);
        let guard = mutex.try_lock().expect("it is free");
        let first = Waiting::at(&mutex);
        let mut second = Waiting::at(&mutex);
        drop(guard);
        assert!(second.poll().is_pending(), "although the value is free");
        drop(first);
        assert!(second.poll().is_ready());
    }

    #[test]
    fn a_panic_of_a_holder_gives_the_value_on_as_it_was_left() {
        let mutex = Arc::new(Mutex::new([1, 1]));
        let holder = mutex.clone();
        let thread = thread::spawn(move || {
            let mut guard = holder.try_lock().expect("it is free");
            guard[0] = 2;
            panic!("on purpose, between the two");
        });
        assert!(thread.join().is_err());
        assert_eq!(*block_on(mutex.lock()), [2, 1]);
    }

    #[test]
    fn a_holder_that_is_dropped_at_an_await_leaves_it_half_done_too() {
        let mutex = Mutex::new([1, 1]);
        let half = async {
            let mut guard = mutex.lock().await;
            guard[0] = 2;
            std::future::pending::<()>().await;
            guard[1] = 2;
        };
        assert!(poll_now(half).is_none());
        assert_eq!(mutex.into_inner(), [2, 1]);
    }

    #[test]
    fn the_value_can_be_had_without_a_guard() {
        let mut mutex = Mutex::new(1);
        *mutex.get_mut() += 1;
        assert_eq!(mutex.into_inner(), 2);
    }

    #[test]
    #[should_panic(expected = "no guard was forgotten")]
    fn a_value_whose_guard_was_forgotten_is_gone() {
        let mutex = Mutex::new(1);
        std::mem::forget(mutex.try_lock());
        mutex.into_inner();
    }

    #[test]
    fn a_lock_that_was_forgotten_keeps_no_value() {
        let mut mutex = Mutex::new(1);
        let guard = mutex.try_lock().expect("it is free");
        let mut lock = mutex.lock();
        assert!(poll(&mut lock, Waker::noop()).is_pending());
        std::mem::forget(lock);
        drop(guard);
        assert!(mutex.try_lock().is_none());
        *mutex.get_mut() += 1;
        assert_eq!(mutex.into_inner(), 2);
    }

    // ANCHOR: auto
    #[test]
    fn what_may_be_sent_may_be_locked_from_many_threads() {
        fn send<T: Send>() {}
        fn sync<T: Sync>() {}
        // A Cell may be sent to another thread, but not shared.
        send::<Mutex<Cell<u32>>>();
        sync::<Mutex<Cell<u32>>>();
        send::<Lock<'_, Cell<u32>>>();
        send::<Guard<'_, Cell<u32>>>();
        sync::<Guard<'_, u32>>();
    }
    // ANCHOR_END: auto

    #[test]
    fn a_waker_may_poll_on_the_spot() {
        struct OnTheSpot(sync::Mutex<(Lock<'static, u32>, u32)>);
        impl Wake for OnTheSpot {
            fn wake(self: Arc<Self>) {
                let (lock, value) = &mut *self.0.lock().unwrap();
                if let Poll::Ready(guard) = poll(lock, Waker::noop()) {
                    *value = *guard;
                }
            }
        }
        // Woken by the guard, and by a waiter that gives up.
        let run = |gives_up: bool| {
            let mutex: &_ = Box::leak(Box::new(Mutex::new(7)));
            let guard = mutex.try_lock();
            let mut first = gives_up.then(|| mutex.lock());
            if let Some(lock) = &mut first {
                assert!(poll(lock, Waker::noop()).is_pending());
            }
            let task = OnTheSpot(sync::Mutex::new((mutex.lock(), 0)));
            let task = Arc::new(task);
            let waker = Waker::from(task.clone());
            assert!(poll(&mut task.0.lock().unwrap().0, &waker).is_pending());
            drop(guard);
            drop(first);
            task.0.lock().unwrap().1
        };
        for gives_up in [false, true] {
            assert_eq!(watchdog(LIMIT, move || run(gives_up)), Ok(7));
        }
    }

    #[test]
    fn the_last_waker_of_a_task_may_drop_another_place() {
        struct Holds(#[expect(dead_code)] sync::Mutex<Lock<'static, ()>>);
        impl Wake for Holds {
            fn wake(self: Arc<Self>) {}
        }
        let run = || {
            let mutex: &_ = Box::leak(Box::new(Mutex::new(())));
            let guard = mutex.try_lock();
            let mut waits = mutex.lock();
            let mut held = mutex.lock();
            assert!(poll(&mut held, Waker::noop()).is_pending());
            let last = Waker::from(Arc::new(Holds(sync::Mutex::new(held))));
            assert!(poll(&mut waits, &last).is_pending());
            drop(last);
            // Replaces the last waker of that task, which drops its place.
            assert!(poll(&mut waits, Waker::noop()).is_pending());
            drop(guard);
            poll(&mut waits, Waker::noop()).is_ready()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_waker_that_panics_leaves_the_turn_to_whom_it_belongs() {
        struct Bad;
        impl Wake for Bad {
            fn wake(self: Arc<Self>) {
                panic!("on purpose");
            }
        }
        let mutex = Mutex::new(7);
        let guard = mutex.try_lock().expect("it is free");
        let mut waits = mutex.lock();
        let bad = Waker::from(Arc::new(Bad));
        assert!(poll(&mut waits, &bad).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(guard))).is_err());
        assert!(mutex.try_lock().is_none());
        assert!(poll(&mut waits, Waker::noop()).is_ready());
    }

    #[test]
    fn a_thousand_locks_from_four_threads_lose_nothing() {
        let run = || {
            let mutex = Mutex::new(0);
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        for _ in 0..250 {
                            block_on(async { *mutex.lock().await += 1 });
                        }
                    });
                }
            });
            mutex.into_inner()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(1000));
    }

    #[test]
    fn four_threads_that_often_give_up_lose_no_turn() {
        let run = || {
            let mutex = Mutex::new(0);
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        for _ in 0..250 {
                            // A place in line, given up at once.
                            if let Some(mut guard) = poll_now(mutex.lock()) {
                                *guard += 1;
                            }
                            *block_on(mutex.lock()) += 1;
                        }
                    });
                }
            });
            mutex.into_inner() >= 1000
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_value_that_comes_while_the_waker_is_cloned_is_taken() {
        let run = || {
            let all: &'static Mutex<u32> = Box::leak(Box::new(Mutex::new(7)));
            let held = all.try_lock();
            let guest = Guest::new();
            guest.next(Moment::Clone, move || drop(held));
            let mut it = all.lock();
            let is_ready = poll(&mut it, &guest.waker()).is_ready();
            (is_ready, guest.deeds_left(), guest.handles())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((true, 0, 0)));
    }

    #[test]
    fn a_waker_may_come_back_as_it_is_replaced_or_dropped() {
        let run = || {
            let all: &'static Mutex<u32> = Box::leak(Box::new(Mutex::new(7)));
            let _held = all.try_lock();
            let guest = Guest::new();
            let mut it = all.lock();
            assert!(poll(&mut it, &guest.waker()).is_pending());
            guest.next(Moment::Drop, || assert!(all.try_lock().is_none()));
            assert!(poll(&mut it, &guest.waker()).is_pending());
            guest.next(Moment::Drop, || assert!(all.try_lock().is_none()));
            drop(it);
            (guest.deeds_left(), guest.handles())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((0, 0)));
    }

    #[test]
    fn a_waker_that_panics_in_its_clone_leaves_no_place_behind() {
        let all = Mutex::new(7);
        let held = all.try_lock();
        let guest = Guest::new();
        guest.next(Moment::Clone, panics);
        let mut it = all.lock();
        let waker = guest.waker();
        let poll_it = || poll(&mut it, &waker).is_ready();
        assert_eq!(caught(poll_it), Err(Caught::Guest));
        drop(held);
        assert!(all.try_lock().is_some(), "nobody is in the line");
        drop((it, waker));
        assert_eq!(guest.handles(), 0);
    }

    #[test]
    fn a_waker_that_panics_in_a_panic_does_not_end_the_process() {
        let run = || {
            let all = Mutex::new(7);
            let held = all.try_lock();
            let guest = Guest::new();
            let mut it = all.lock();
            assert!(poll(&mut it, &guest.waker()).is_pending());
            guest.next(Moment::Wake, panics);
            let worker = || {
                let _held = held;
                std::panic::resume_unwind(Box::new("the worker's own"));
            };
            let own = Caught::Other("the worker's own".to_string());
            assert_eq!(caught::<()>(worker), Err(own));
            assert_eq!((guest.wakes(), guest.deeds_left()), (1, 0));
            poll(&mut it, Waker::noop()).is_ready()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_waker_that_panics_as_a_turn_is_passed_on_in_a_panic_ends_no_process() {
        let run = || {
            let all = Mutex::new(7);
            let held = all.try_lock();
            let guest = Guest::new();
            let (mut it, mut next) = (all.lock(), all.lock());
            assert!(poll(&mut it, Waker::noop()).is_pending());
            assert!(poll(&mut next, &guest.waker()).is_pending());
            drop(held);
            guest.next(Moment::Wake, panics);
            let worker = || {
                let _held = it;
                std::panic::resume_unwind(Box::new("the worker's own"));
            };
            let own = Caught::Other("the worker's own".to_string());
            assert_eq!(caught::<()>(worker), Err(own));
            assert_eq!((guest.wakes(), guest.deeds_left()), (1, 0));
            poll(&mut next, Waker::noop()).is_ready()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_drop_that_panics_gives_the_value_on() {
        let run = || {
            let all: &'static Mutex<u32> = Box::leak(Box::new(Mutex::new(7)));
            let held = all.try_lock();
            let (counter, waker) = Counter::new();
            let (mut it, mut next) = (all.lock(), all.lock());
            assert!(poll(&mut it, Waker::noop()).is_pending());
            assert!(poll(&mut next, &waker).is_pending());
            let guest = Guest::new();
            // The value comes meanwhile, so the clone is not needed.
            guest.next(Moment::Clone, move || drop(held));
            guest.next(Moment::Drop, panics);
            let bad = guest.waker();
            let poll_it = || poll(&mut it, &bad).is_ready();
            assert_eq!(caught(poll_it), Err(Caught::Guest));
            drop(it);
            (counter.wakes(), poll(&mut next, &waker).is_ready())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((1, true)));
    }
}
