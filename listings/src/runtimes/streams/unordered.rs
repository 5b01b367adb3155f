//! A set of futures, each with a waker of its own: only those that were woken
//! are polled, and results come as they are there.

use std::collections::{HashMap, VecDeque};
use std::iter::Fuse;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use super::stream::Stream;

// ANCHOR: types
/// A stream of the results of its futures, as they come.
pub struct Unordered<F> {
    futures: HashMap<usize, Member<F>>,
    next_key: usize,
    woken: Arc<Woken>,
}

struct Member<F> {
    future: Pin<Box<F>>,
    wakes: Arc<Wakes>,
}

/// What the waker of one future knows.
struct Wakes {
    key: usize,
    is_queued: AtomicBool,
    woken: Arc<Woken>,
}

/// What all of these wakers share.
#[derive(Default)]
struct Woken {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    keys: VecDeque<usize>,
    /// The task that polls the set.
    task: Option<Waker>,
}
// ANCHOR_END: types

impl Woken {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics under this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// ANCHOR: wake
impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        if self.is_queued.swap(true, SeqCst) {
            return;
        }
        let mut state = self.woken.lock();
        state.keys.push_back(self.key);
        let task = state.task.take();
        drop(state);
        if let Some(task) = task {
            task.wake();
        }
    }
}
// ANCHOR_END: wake

impl<F> Default for Unordered<F> {
    fn default() -> Unordered<F> {
        let (futures, woken) = (HashMap::new(), Arc::default());
        Unordered { futures, next_key: 0, woken }
    }
}

/// The futures are in boxes.
impl<F> Unpin for Unordered<F> {}

impl<F> Unordered<F> {
    /// Adds a future. It is polled when the set is polled next.
    ///
    /// It wakes nobody: who polls the set has the set, and can poll it.
    pub fn push(&mut self, future: F) {
        let key = self.next_key;
        self.next_key += 1;
        let is_queued = AtomicBool::new(true);
        let wakes = Wakes { key, is_queued, woken: self.woken.clone() };
        let future = Box::pin(future);
        self.futures.insert(key, Member { future, wakes: Arc::new(wakes) });
        self.woken.lock().keys.push_back(key);
    }

    /// How many futures are not done yet.
    pub fn len(&self) -> usize {
        self.futures.len()
    }

    /// Whether no future is left.
    pub fn is_empty(&self) -> bool {
        self.futures.is_empty()
    }
}

// ANCHOR: poll
impl<F: Future> Stream for Unordered<F> {
    type Item = F::Output;

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<F::Output>> {
        let this = self.get_mut();
        // First the waker, then the look: a wake in between is not lost.
        let task = cx.waker().clone();
        let mut state = this.woken.lock();
        let old = state.task.replace(task);
        let woken = state.keys.len();
        drop(state);
        drop(old);
        // Not more than were woken by now: a future that wakes itself at
        // each poll must not keep the task here.
        for _ in 0..woken {
            let Some(key) = this.woken.lock().keys.pop_front() else { break };
            // A waker may be called after its future is done.
            let Some(mut member) = this.futures.remove(&key) else { continue };
            // A swap: the poll sees what was done before each wake until now.
            member.wakes.is_queued.swap(false, SeqCst);
            let waker = Waker::from(member.wakes.clone());
            let mut cx = Context::from_waker(&waker);
            if let Poll::Ready(output) = member.future.as_mut().poll(&mut cx) {
                return Poll::Ready(Some(output));
            }
            this.futures.insert(key, member);
        }
        if this.is_empty() { Poll::Ready(None) } else { Poll::Pending }
    }
}
// ANCHOR_END: poll

/// A waker of a future may outlive the set, and keeps no task then.
impl<F> Drop for Unordered<F> {
    fn drop(&mut self) {
        let task = self.woken.lock().task.take();
        drop(task);
    }
}

// ANCHOR: buffer
/// The results of some futures as they come; see [`buffer_unordered`].
pub struct BufferUnordered<I: Iterator<Item: Future>> {
    /// Asked again after its end, so it is fused.
    futures: Fuse<I>,
    running: Unordered<I::Item>,
    limit: usize,
}

/// Polls up to `limit` of the futures, while it is polled itself, and gives
/// each result when it is there.
///
/// # Panics
/// When `limit` is 0.
pub fn buffer_unordered<I>(futures: I, limit: usize) -> BufferUnordered<I>
where
    I: Iterator<Item: Future>,
{
    assert!(limit > 0, "with a limit of 0 nothing runs");
    let futures = futures.fuse();
    BufferUnordered { futures, running: Unordered::default(), limit }
}

/// The futures are in boxes, and nothing else is pinned.
impl<I: Iterator<Item: Future>> Unpin for BufferUnordered<I> {}

impl<I: Iterator<Item: Future>> Stream for BufferUnordered<I> {
    type Item = <I::Item as Future>::Output;

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        while self.running.len() < self.limit {
            let Some(future) = self.futures.next() else { break };
            self.running.push(future);
        }
        Pin::new(&mut self.running).poll_next(cx)
    }
}
// ANCHOR_END: buffer

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::future::poll_fn;
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::futures::poll::countdown::countdown;
    use crate::futures::poll::manual::manual;
    use crate::proof::hostile::{Guest, Moment, OnDrop, caught, panics};
    use crate::proof::watchdog;
    use crate::runtimes::streams::stream::{collect, next};
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;

    const LIMIT: Duration = Duration::from_secs(30);

    fn all<F>(futures: impl IntoIterator<Item = F>) -> Unordered<F> {
        let mut set = Unordered::default();
        futures.into_iter().for_each(|future| set.push(future));
        set
    }

    #[test]
    fn results_come_as_they_are_there() {
        let run = || {
            let set = all([5, 0, 2].map(async |polls| {
                countdown(polls).await;
                polls
            }));
            block_on(collect(set))
        };
        assert_eq!(watchdog(LIMIT, run), Ok(vec![0, 2, 5]));
    }

    #[test]
    fn only_a_future_that_was_woken_is_polled() {
        let polls = [(); 3].map(|()| Cell::new(0));
        let pairs = [(); 3].map(|()| manual::<u32>());
        let mut completers = Vec::new();
        let mut set = Unordered::default();
        for (polls, (mut future, completer)) in polls.iter().zip(pairs) {
            completers.push(completer);
            set.push(poll_fn(move |cx| {
                polls.set(polls.get() + 1);
                Pin::new(&mut future).poll(cx)
            }));
        }
        let polls = || polls.each_ref().map(Cell::get);
        assert_eq!(poll_now(next(&mut set)), None);
        assert_eq!(polls(), [1, 1, 1]);
        completers.remove(1).complete(7);
        assert_eq!(poll_now(next(&mut set)), Some(Some(7)));
        assert_eq!(polls(), [1, 2, 1]);
        assert_eq!(poll_now(next(&mut set)), None);
        assert_eq!(polls(), [1, 2, 1]);
    }

    #[test]
    fn a_future_that_wakes_itself_gives_the_task_back() {
        let (counter, waker) = Counter::new();
        let mut set = all([countdown(1_000_000)]);
        let mut cx = Context::from_waker(&waker);
        for wakes in 1..=3 {
            assert!(Pin::new(&mut set).poll_next(&mut cx).is_pending());
            assert_eq!(counter.wakes(), wakes);
        }
    }

    #[test]
    fn two_wakes_are_one_poll() {
        let kept = RefCell::new(None::<Waker>);
        let polls = Cell::new(0);
        let mut set = all([poll_fn(|cx| {
            polls.set(polls.get() + 1);
            *kept.borrow_mut() = Some(cx.waker().clone());
            Poll::<()>::Pending
        })]);
        assert_eq!(poll_now(next(&mut set)), None);
        kept.borrow().as_ref().unwrap().wake_by_ref();
        kept.borrow().as_ref().unwrap().wake_by_ref();
        assert_eq!(poll_now(next(&mut set)), None);
        assert_eq!(polls.get(), 2);
    }

    #[test]
    fn the_newest_waker_of_the_task_is_woken() {
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let (future, completer) = manual::<u32>();
        let mut set = all([future]);
        for waker in [&waker_a, &waker_b] {
            let mut cx = Context::from_waker(waker);
            assert!(Pin::new(&mut set).poll_next(&mut cx).is_pending());
        }
        completer.complete(7);
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
        assert_eq!((a.wakers(), b.wakers()), (1, 1));
    }

    #[test]
    fn futures_that_are_woken_by_threads_are_all_heard() {
        let sum = watchdog(LIMIT, || {
            let mut set = Unordered::default();
            for n in 0..64 {
                let (future, completer) = manual();
                set.push(future);
                thread::spawn(move || completer.complete(n));
            }
            block_on(collect(set)).iter().sum::<u32>()
        });
        assert_eq!(sum, Ok((0..64).sum()));
    }

    #[test]
    fn a_waker_that_is_kept_keeps_no_task_once_the_set_is_gone() {
        let guest = Guest::new();
        let kept = RefCell::new(None::<Waker>);
        let mut set = all([poll_fn(|cx| {
            *kept.borrow_mut() = Some(cx.waker().clone());
            Poll::<()>::Pending
        })]);
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(&mut set).poll_next(&mut cx).is_pending());
        assert_eq!(guest.handles(), 2);
        drop(set);
        assert_eq!(guest.handles(), 1);
        kept.take().unwrap().wake();
        assert_eq!(guest.wakes(), 0);
    }

    #[test]
    fn a_waker_that_comes_back_meets_no_lock() {
        let end = watchdog(LIMIT, || {
            for moment in [Moment::Clone, Moment::Wake, Moment::Drop] {
                let guest = Guest::new();
                let waker = guest.waker();
                let (future, completer) = manual::<u32>();
                let mut set = all([future]);
                let mut cx = Context::from_waker(&waker);
                assert!(Pin::new(&mut set).poll_next(&mut cx).is_pending());
                let woken = set.woken.clone();
                guest.next(moment, move || drop(woken.lock()));
                assert!(Pin::new(&mut set).poll_next(&mut cx).is_pending());
                completer.complete(7);
                let polled = Pin::new(&mut set).poll_next(&mut cx);
                assert_eq!(polled, Poll::Ready(Some(7)));
                assert_eq!(guest.deeds_left(), 0, "{moment:?}");
            }
        });
        assert_eq!(end, Ok(()));
    }

    #[test]
    fn a_future_that_panics_is_dropped_and_the_others_go_on() {
        let dropped = Arc::new(AtomicBool::new(false));
        let told = dropped.clone();
        let local = OnDrop::new(move || told.store(true, SeqCst));
        type Boxed = Pin<Box<dyn Future<Output = u32>>>;
        let bad: Boxed = Box::pin(async move {
            let _local = local;
            panics();
            0
        });
        let good: Boxed = Box::pin(async { 7 });
        let mut set = all([bad, good]);
        assert!(caught(|| poll_now(next(&mut set))).is_err());
        assert!(dropped.load(SeqCst));
        assert_eq!(poll_now(next(&mut set)), Some(Some(7)));
        assert_eq!(poll_now(next(&mut set)), Some(None));
    }

    #[test]
    fn the_limit_holds_and_a_place_is_free_when_any_future_is_done() {
        let begun = RefCell::new(Vec::new());
        let futures = [9, 0, 0].map(async |polls| {
            begun.borrow_mut().push(polls);
            countdown(polls).await;
            polls
        });
        let mut results = buffer_unordered(futures.into_iter(), 2);
        assert_eq!(poll_now(next(&mut results)), Some(Some(0)));
        assert_eq!(begun.borrow().as_slice(), [9, 0]);
        assert_eq!(poll_now(next(&mut results)), Some(Some(0)));
        assert_eq!(begun.borrow().as_slice(), [9, 0, 0]);
        assert_eq!(block_on(collect(results)), [9]);
    }

    #[test]
    fn as_many_run_as_the_limit_and_the_others_have_not_begun() {
        let begun = Cell::new(0);
        let futures = (0..5).map(|_| {
            begun.set(begun.get() + 1);
            std::future::pending::<()>()
        });
        let mut stream = buffer_unordered(futures, 3);
        for _ in 0..2 {
            assert_eq!(poll_now(next(&mut stream)), None);
            assert_eq!((begun.get(), stream.running.len()), (3, 3));
        }
    }

    #[test]
    fn an_iterator_that_has_ended_is_asked_no_more() {
        let futures = [1, 2, 99, 3].into_iter().map_while(|n| {
            (n < 10).then_some(async move {
                countdown(n).await;
                n
            })
        });
        let results = collect(buffer_unordered(futures, 3));
        assert_eq!(block_on(results), [1, 2]);
    }
}
