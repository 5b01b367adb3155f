//! The dump, and a check that finds futures which were woken and are not
//! polled, with what they keep.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::runtimes::executor::Executor;

/// The tasks that are watched.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Vec<Arc<Task>>>>);

struct Task {
    name: &'static str,
    /// How often it was polled.
    polls: AtomicU32,
    ended: AtomicBool,
    waits: Mutex<Vec<Arc<Wait>>>,
}

/// Something that a task waits for, or holds.
struct Wait {
    on: &'static str,
    /// In which poll of the task this wait was polled last: a number.
    last: AtomicU32,
    /// Whether it was woken after its last poll.
    woken: AtomicBool,
    held: bool,
}

thread_local! {
    /// The task that this thread polls now.
    static HERE: RefCell<Option<Arc<Task>>> = const { RefCell::new(None) };
}

/// The future of a watched task; see [`Watch::task`].
pub struct Watched<F> {
    task: Arc<Task>,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.task.polls.fetch_add(1, SeqCst);
        let before = HERE.replace(Some(self.task.clone()));
        // The destructor of `_leave` runs after the poll, also in a panic.
        let _leave = Leave(before);
        self.future.as_mut().poll(cx)
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        self.task.ended.store(true, SeqCst);
    }
}

/// Brings back the task that was polled before.
struct Leave(Option<Arc<Task>>);

impl Drop for Leave {
    fn drop(&mut self) {
        HERE.set(self.0.take());
    }
}

impl Watch {
    /// Watches `future`, which is to be spawned as a task.
    pub fn task<F: Future>(&self, name: &'static str, future: F) -> Watched<F> {
        let task = Arc::new(Task {
            name,
            polls: AtomicU32::new(0),
            ended: AtomicBool::new(false),
            waits: Mutex::default(),
        });
        lock(&self.0).push(task.clone());
        Watched { task, future: Box::pin(future) }
    }
}

// ANCHOR: wait
/// A future that says what it waits for; see [`wait_for`].
pub struct WaitFor<F> {
    on: &'static str,
    future: Pin<Box<F>>,
    entry: Option<Entry>,
}

impl<F: Future> Future for WaitFor<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        if self.entry.is_none() {
            self.entry = Entry::new(self.on, false);
        }
        let Some(entry) = &self.entry else {
            return self.future.as_mut().poll(cx);
        };
        let wait = entry.wait.clone();
        wait.last.store(entry.task.polls.load(SeqCst), SeqCst);
        wait.woken.store(false, SeqCst);
        let noted = Noted { wait, waker: cx.waker().clone() };
        let waker = Waker::from(Arc::new(noted));
        let result =
            self.future.as_mut().poll(&mut Context::from_waker(&waker));
        if result.is_ready() {
            self.entry = None;
        }
        result
    }
}
// ANCHOR_END: wait

/// Waits for `future`, and notes in the running task that it waits `on` this.
pub fn wait_for<F: Future>(on: &'static str, future: F) -> WaitFor<F> {
    WaitFor { on, future: Box::pin(future), entry: None }
}

// ANCHOR: noted
/// The waker that a wait gives to its future: it notes the wake first.
struct Noted {
    wait: Arc<Wait>,
    waker: Waker,
}

impl Wake for Noted {
    fn wake(self: Arc<Self>) {
        self.wait.woken.store(true, SeqCst);
        self.waker.wake_by_ref();
    }
}
// ANCHOR_END: noted

// ANCHOR: held
/// What was waited for, noted as held until it is dropped.
pub struct Held<G> {
    guard: G,
    _entry: Option<Entry>,
}

/// Waits for `future`, and notes that the task holds what it gives.
pub async fn hold<F: Future>(on: &'static str, future: F) -> Held<F::Output> {
    let guard = wait_for(on, future).await;
    Held { guard, _entry: Entry::new(on, true) }
}
// ANCHOR_END: held

impl<G> Deref for Held<G> {
    type Target = G;

    fn deref(&self) -> &G {
        &self.guard
    }
}

impl<G> DerefMut for Held<G> {
    fn deref_mut(&mut self) -> &mut G {
        &mut self.guard
    }
}

/// A wait in the list of its task. Dropped, it leaves the list.
struct Entry {
    task: Arc<Task>,
    wait: Arc<Wait>,
}

impl Entry {
    /// Of the running task. `None` where no watched task runs.
    fn new(on: &'static str, held: bool) -> Option<Entry> {
        let task = HERE.with_borrow(|here| here.clone())?;
        let last = AtomicU32::new(task.polls.load(SeqCst));
        let wait = Wait { on, last, woken: AtomicBool::new(false), held };
        let wait = Arc::new(wait);
        lock(&task.waits).push(wait.clone());
        Some(Entry { task, wait })
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        lock(&self.task.waits).retain(|wait| !Arc::ptr_eq(wait, &self.wait));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Under these locks nothing runs that could panic half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The dump: each task, and under it what it waits for.
impl fmt::Display for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tasks = lock(&self.0).clone();
        for task in tasks {
            let ended = task.ended.load(SeqCst);
            let polls = task.polls.load(SeqCst);
            let state = if ended { ", ended" } else { "" };
            writeln!(f, "task {}: polled {polls} times{state}", task.name)?;
            let waits = lock(&task.waits).clone();
            for wait in waits {
                let last = wait.last.load(SeqCst);
                let does = if wait.held { "holds" } else { "waits for" };
                let woken = if wait.is_idle() { ", woken since" } else { "" };
                writeln!(
                    f,
                    "  {does} {}, last in poll {last}{woken}",
                    wait.on
                )?;
            }
        }
        Ok(())
    }
}

// ANCHOR: kept
impl Wait {
    /// Woken, and not polled since. No fault while the task itself is still
    /// to be polled.
    fn is_idle(&self) -> bool {
        self.woken.load(SeqCst)
    }
}

impl Task {
    /// Empty if no wait of this task is idle. Otherwise what was given to the
    /// idle waits, and all that the task holds.
    fn kept(&self) -> BTreeSet<&'static str> {
        let waits = lock(&self.waits);
        if !waits.iter().any(|wait| wait.is_idle()) {
            return BTreeSet::new();
        }
        let kept = waits.iter().filter(|wait| wait.held || wait.is_idle());
        kept.map(|wait| wait.on).collect()
    }

    fn waits_for(&self, on: &str) -> bool {
        let waits =
            |wait: &Arc<Wait>| wait.on == on && !wait.held && !wait.is_idle();
        lock(&self.waits).iter().any(waits)
    }
}
// ANCHOR_END: kept

// ANCHOR: futurelock
/// A future that was woken and is not polled, and that others wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Futurelock {
    /// What the others wait for.
    pub on: &'static str,
    /// The task that keeps the future and does not poll it.
    pub keeper: &'static str,
    /// The tasks that wait.
    pub waiting: Vec<&'static str>,
}
// ANCHOR_END: futurelock

// ANCHOR: check
impl Watch {
    /// The futurelocks, if no task is woken now.
    pub fn futurelocks(&self) -> Vec<Futurelock> {
        let tasks = lock(&self.0).clone();
        let mut found = Vec::new();
        for task in &tasks {
            for on in task.kept() {
                let waits = tasks.iter().filter(|task| task.waits_for(on));
                let waiting: Vec<_> = waits.map(|task| task.name).collect();
                if !waiting.is_empty() {
                    let keeper = task.name;
                    found.push(Futurelock { on, keeper, waiting });
                }
            }
        }
        found
    }
}

/// Runs the tasks until none is woken. A future that was woken and is not
/// polled by then is left behind.
pub fn run_and_check(executor: &Executor, watch: &Watch) -> Vec<Futurelock> {
    executor.run_until_stalled();
    watch.futurelocks()
}
// ANCHOR_END: check

impl fmt::Display for Futurelock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Futurelock { on, keeper, waiting } = self;
        let waiting = waiting.join(", ");
        write!(
            f,
            "futurelock on {on}: {waiting} waits for it, and task {keeper} \
             keeps it in a future that it does not poll"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::pin::pin;
    use std::rc::Rc;
    use std::time::Duration;

    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;
    use crate::futures::combinators::once::{self, poll_once};
    use crate::proof::hostile::Guest;
    use crate::runtimes::executor::yield_now::yield_now;
    use crate::wakers::mutex::fair::Mutex;
    use crate::wakers::mutex::wake_one;

    type Lock = Rc<Mutex<u32>>;

    /// Holds the lock for a few turns.
    async fn holder(lock: Lock) {
        let _guard = hold("lock", lock.lock()).await;
        yield_now().await;
        yield_now().await;
    }

    /// Keeps a lock that it polled once, and asks for a second one.
    async fn keeper(lock: Lock) {
        let mut first = pin!(hold("lock", lock.lock()));
        assert!(poll_once(&mut first).await.is_pending());
        hold("lock", lock.lock()).await;
    }

    /// The same, and drops the first in time.
    async fn drops_first(lock: Lock) {
        let mut first = Box::pin(hold("lock", lock.lock()));
        assert!(poll_once(&mut first).await.is_pending());
        drop(first);
        hold("lock", lock.lock()).await;
    }

    fn run<F: Future + 'static>(task: fn(Lock) -> F) -> Vec<Futurelock> {
        let (executor, watch) = (Executor::default(), Watch::default());
        let lock = Lock::new(Mutex::new(0));
        let spawner = executor.spawner();
        drop(spawner.spawn(watch.task("holder", holder(lock.clone()))));
        drop(spawner.spawn(watch.task("client", task(lock.clone()))));
        drop(spawner.spawn(watch.task("last", holder(lock))));
        run_and_check(&executor, &watch)
    }

    #[test]
    fn a_wait_may_be_dropped_while_the_dump_is_printed() {
        struct Drops<T>(Option<T>);
        impl<T> fmt::Write for Drops<T> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                if text.contains("waits for") {
                    self.0 = None;
                }
                Ok(())
            }
        }
        let run = || {
            let watch = Watch::default();
            let mut wait = Box::pin(wait_for("the mutex", pending::<()>()));
            let polls = std::future::poll_fn(|cx| wait.as_mut().poll(cx));
            let polled = once::poll_now(watch.task("a", polls));
            assert_eq!(polled, None);
            fmt::Write::write_fmt(
                &mut Drops(Some(wait)),
                format_args!("{watch}"),
            )
        };
        let limit = std::time::Duration::from_secs(10);
        assert_eq!(crate::proof::watchdog(limit, run), Ok(Ok(())));
    }

    #[test]
    fn the_check_names_the_lock_and_the_task_that_does_not_poll() {
        let lock = Futurelock {
            on: "lock",
            keeper: "client",
            waiting: vec!["client", "last"],
        };
        assert_eq!(run(keeper), [lock]);
    }

    #[test]
    fn a_first_lock_that_is_dropped_leaves_nothing_to_find() {
        assert_eq!(run(drops_first), []);
    }

    #[test]
    fn a_guard_inside_a_future_that_is_not_polled_is_found() {
        async fn keeps_a_guard(lock: Lock) {
            let mut works = Box::pin(async {
                let _guard = hold("lock", lock.lock()).await;
                wait_for("turn", yield_now()).await;
            });
            assert!(poll_once(&mut works).await.is_pending());
            hold("lock", lock.lock()).await;
        }
        let (executor, watch) = (Executor::default(), Watch::default());
        let lock = Lock::new(Mutex::new(0));
        let task = watch.task("client", keeps_a_guard(lock));
        drop(executor.spawner().spawn(task));
        let found = run_and_check(&executor, &watch);
        let names: Vec<_> = found.iter().map(|it| (it.on, it.keeper)).collect();
        assert_eq!(names, [("lock", "client")]);
    }

    #[test]
    fn a_lock_that_is_held_and_polled_is_no_futurelock() {
        async fn holds(lock: Lock) {
            let _guard = hold("lock", lock.lock()).await;
            wait_for("eggs", pending::<()>()).await;
        }
        assert_eq!(run(holds), []);
    }

    #[test]
    fn a_lock_that_is_kept_over_another_wait_is_no_futurelock() {
        async fn keeps_it_for_a_while(lock: Lock) {
            let mut first = pin!(hold("lock", lock.lock()));
            assert!(poll_once(&mut first).await.is_pending());
            for _ in 0..9 {
                wait_for("turn", yield_now()).await;
            }
            first.await;
        }
        assert_eq!(run(keeps_it_for_a_while), []);
    }

    #[test]
    fn a_wait_through_another_task_is_found() {
        let (executor, watch) = (Executor::default(), Watch::default());
        let lock = Lock::new(Mutex::new(0));
        let (answer, answered) = oneshot::channel();
        let keeps = lock.clone();
        let client = async move {
            let mut first = pin!(hold("lock", keeps.lock()));
            assert!(poll_once(&mut first).await.is_pending());
            wait_for("answer", answered).await
        };
        let asks = lock.clone();
        let other = async move {
            let _guard = hold("lock", asks.lock()).await;
            answer.send(())
        };
        let spawner = executor.spawner();
        drop(spawner.spawn(watch.task("holder", holder(lock))));
        drop(spawner.spawn(watch.task("client", client)));
        drop(spawner.spawn(watch.task("other", other)));
        let found =
            Futurelock { on: "lock", keeper: "client", waiting: vec!["other"] };
        assert_eq!(run_and_check(&executor, &watch), [found]);
    }

    #[test]
    fn a_guard_that_is_kept_stops_a_mutex_with_barging_too() {
        let (executor, watch) = (Executor::default(), Watch::default());
        let lock = Rc::new(wake_one::Mutex::new(0));
        let client = async move {
            let mut works = Box::pin(async {
                let _guard = hold("lock", lock.lock()).await;
                wait_for("turn", yield_now()).await;
            });
            assert!(poll_once(&mut works).await.is_pending());
            hold("lock", lock.lock()).await;
        };
        drop(executor.spawner().spawn(watch.task("client", client)));
        let found = run_and_check(&executor, &watch);
        let names: Vec<_> = found.iter().map(|it| (it.on, it.keeper)).collect();
        assert_eq!(names, [("lock", "client")]);
    }

    #[test]
    fn a_mutex_that_lets_others_barge_in_serves_the_second_lock() {
        let (executor, watch) = (Executor::default(), Watch::default());
        let lock = Rc::new(wake_one::Mutex::new(0));
        let (holds, keeps) = (lock.clone(), lock);
        let holder = async move {
            let _guard = hold("lock", holds.lock()).await;
            yield_now().await;
        };
        let keeper = async move {
            let mut first = Box::pin(hold("lock", keeps.lock()));
            assert!(poll_once(&mut first).await.is_pending());
            hold("lock", keeps.lock()).await;
        };
        drop(executor.spawner().spawn(watch.task("holder", holder)));
        drop(executor.spawner().spawn(watch.task("client", keeper)));
        assert_eq!(executor.run_until_stalled(), 0);
    }

    #[test]
    fn a_join_polls_both_and_nothing_hangs() {
        async fn joins(lock: Lock) {
            let (first, second) = (lock.lock(), lock.lock());
            let first = async { **hold("lock", first).await += 1 };
            let second = async { **hold("lock", second).await += 1 };
            futures::join!(first, second);
        }
        assert_eq!(run(joins), []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_of_the_second_lock_ends_the_wait() {
        let lock = Mutex::new(0);
        let guard = lock.try_lock();
        let mut first = pin!(lock.lock());
        assert!(poll_once(&mut first).await.is_pending());
        drop(guard);
        let limit = Duration::from_secs(1);
        assert!(timeout(limit, lock.lock()).await.is_err());
        drop(first.await);
        assert!(lock.try_lock().is_some());
    }

    #[test]
    fn a_wait_keeps_no_waker_once_it_is_dropped() {
        let guest = Guest::new();
        let waker = guest.waker();
        let watch = Watch::default();
        let lock = Mutex::new(0);
        let guard = lock.try_lock();
        let task = watch.task("main", hold("lock", lock.lock()));
        let mut task = Box::pin(task);
        let mut cx = Context::from_waker(&waker);
        for _ in 0..3 {
            assert!(task.as_mut().poll(&mut cx).is_pending());
        }
        drop(guard);
        assert_eq!(guest.wakes(), 1);
        drop(task);
        drop(waker);
        assert_eq!(guest.handles(), 0);
    }
}
