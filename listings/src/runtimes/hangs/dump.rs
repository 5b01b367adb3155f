//! A dump of the tasks: which task waits, for what, and since when.

use std::cell::RefCell;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

// ANCHOR: task
/// What is known of a task.
struct Task {
    name: String,
    notes: Mutex<Notes>,
    now: Now,
}

struct Notes {
    state: State,
    /// When this state began.
    since: Instant,
    polls: u32,
    /// Whether the task was woken during the poll that runs.
    woken: bool,
    waits: Vec<Arc<Wait>>,
}

enum State {
    NeverPolled,
    Running,
    Waiting,
    Woken,
}

/// Something that a task waits for.
struct Wait {
    on: &'static str,
    since: Instant,
}
// ANCHOR_END: task

/// Tells the time.
type Now = Arc<dyn Fn() -> Instant + Send + Sync>;

/// The tasks that are watched. Clones are one list.
#[derive(Clone)]
pub struct Watch {
    tasks: Tasks,
    now: Now,
}

type Tasks = Arc<Mutex<Vec<Arc<Task>>>>;

impl Watch {
    /// A list without tasks. `now` tells the time, so that a test can bring
    /// its own clock.
    pub fn new(now: impl Fn() -> Instant + Send + Sync + 'static) -> Watch {
        Watch { tasks: Tasks::default(), now: Arc::new(now) }
    }

    /// Watches `future`, which is to be spawned as a task, until it has ended
    /// or is dropped.
    pub fn task<F: Future>(
        &self,
        name: impl Into<String>,
        future: F,
    ) -> Watched<F> {
        let notes = Mutex::new(Notes {
            state: State::NeverPolled,
            since: (self.now)(),
            polls: 0,
            woken: false,
            waits: Vec::new(),
        });
        let (name, now) = (name.into(), self.now.clone());
        let task = Arc::new(Task { name, notes, now });
        lock(&self.tasks).push(task.clone());
        let future = Box::pin(future);
        Watched { task, tasks: self.tasks.clone(), future }
    }
}

/// The future of a watched task; see [`Watch::task`].
pub struct Watched<F> {
    task: Arc<Task>,
    tasks: Tasks,
    future: Pin<Box<F>>,
}

// ANCHOR: watched
thread_local! {
    /// The task that this thread polls now.
    static HERE: RefCell<Option<Arc<Task>>> = const { RefCell::new(None) };
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let task = self.task.clone();
        let noted = Noted { task: task.clone(), waker: cx.waker().clone() };
        let waker = Waker::from(Arc::new(noted));
        task.poll_begins();
        // The destructor of `_leave` runs after the poll, also in a panic.
        let _leave = Leave(HERE.replace(Some(task)));
        let mut cx = Context::from_waker(&waker);
        let result = self.future.as_mut().poll(&mut cx);
        if result.is_ready() {
            self.leave_the_list();
        }
        result
    }
}
// ANCHOR_END: watched

impl<F> Watched<F> {
    fn leave_the_list(&self) {
        lock(&self.tasks).retain(|task| !Arc::ptr_eq(task, &self.task));
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        self.leave_the_list();
    }
}

/// Ends the poll, and brings back the task that was polled before.
struct Leave(Option<Arc<Task>>);

impl Drop for Leave {
    fn drop(&mut self) {
        if let Some(task) = HERE.replace(self.0.take()) {
            task.poll_ends();
        }
    }
}

// ANCHOR: noted
/// The waker of a watched task: it notes the wake, and passes it on.
struct Noted {
    task: Arc<Task>,
    waker: Waker,
}

impl Wake for Noted {
    fn wake(self: Arc<Self>) {
        self.task.is_woken();
        self.waker.wake_by_ref();
    }
}

impl Task {
    fn poll_begins(&self) {
        let now = (self.now)();
        let mut notes = lock(&self.notes);
        (notes.state, notes.since) = (State::Running, now);
        notes.woken = false;
        notes.polls += 1;
    }

    fn poll_ends(&self) {
        let now = (self.now)();
        let mut notes = lock(&self.notes);
        let woken = notes.woken;
        notes.state = if woken { State::Woken } else { State::Waiting };
        notes.since = now;
    }

    fn is_woken(&self) {
        let now = (self.now)();
        let mut notes = lock(&self.notes);
        notes.woken = true;
        if let State::Waiting = notes.state {
            (notes.state, notes.since) = (State::Woken, now);
        }
    }
}
// ANCHOR_END: noted

// ANCHOR: wait_for
/// Waits for `future`, and notes in the running task what it waits for.
pub async fn wait_for<F: Future>(on: &'static str, future: F) -> F::Output {
    let _entry = Entry::new(on);
    future.await
}

/// A wait in the list of its task. Dropped, it leaves the list.
struct Entry {
    task: Arc<Task>,
    wait: Arc<Wait>,
}

impl Entry {
    /// `None` where no watched task runs.
    fn new(on: &'static str) -> Option<Entry> {
        let task = HERE.with_borrow(|here| here.clone())?;
        let wait = Arc::new(Wait { on, since: (task.now)() });
        lock(&task.notes).waits.push(wait.clone());
        Some(Entry { task, wait })
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut notes = lock(&self.task.notes);
        notes.waits.retain(|wait| !Arc::ptr_eq(wait, &self.wait));
    }
}
// ANCHOR_END: wait_for

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Under these locks nothing runs that could panic half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// ANCHOR: display
/// The dump: each task, what it does, and under it what it waits for.
impl fmt::Display for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = (self.now)();
        let seconds = |since| now.saturating_duration_since(since).as_secs();
        let tasks = lock(&self.tasks).clone();
        for task in tasks {
            let notes = lock(&task.notes);
            let since = seconds(notes.since);
            let state = match notes.state {
                State::NeverPolled => format!("never polled in {since} s"),
                State::Running => format!("in a poll for {since} s"),
                State::Waiting => format!("pending for {since} s"),
                State::Woken => format!("woken {since} s ago, not polled"),
            };
            let (name, polls) = (&task.name, notes.polls);
            let mut lines = format!("{name}: {state} (polls: {polls})\n");
            for wait in &notes.waits {
                let since = seconds(wait.since);
                lines += &format!("  waits {since} s for {}\n", wait.on);
            }
            drop(notes);
            // Who prints may wake this task.
            f.write_str(&lines)?;
        }
        Ok(())
    }
}
// ANCHOR_END: display

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn, ready};
    use std::time::Duration;

    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::proof::hostile::{Guest, OnDrop, caught, panics};
    use crate::runtimes::executor::Executor;
    use crate::runtimes::executor::yield_now::yield_now;
    use crate::runtimes::timers::{Clock, Runtime};

    /// A watch whose clock only moves when it is told.
    fn watch() -> (Watch, impl Fn(u64)) {
        let clock = Clock::stopped();
        let moves = clock.clone();
        let watch = Watch::new(move || clock.now());
        let by = move |seconds| {
            moves.jump(moves.now() + Duration::from_secs(seconds));
        };
        (watch, by)
    }

    #[test]
    fn a_dump_says_what_each_task_waits_for_and_since_when() {
        let runtime = Runtime::with_virtual_clock().unwrap();
        let (timers, clock) =
            (runtime.timers().clone(), runtime.timers().clock().clone());
        let watch = Watch::new(move || clock.now());
        let minute = timers.sleep(Duration::from_secs(60));
        drop(runtime.spawn(watch.task("cook", async move {
            timers.sleep(Duration::from_secs(3)).await;
            wait_for("eggs", pending::<()>()).await;
        })));
        runtime.block_on(minute);
        let dump = "cook: pending for 57 s (polls: 2)\n  waits 57 s for eggs\n";
        assert_eq!(watch.to_string(), dump);
    }

    #[test]
    fn a_wait_that_is_over_or_dropped_and_a_task_that_ended_are_in_no_dump() {
        let (watch, _) = watch();
        let executor = Executor::default();
        drop(executor.spawner().spawn(watch.task("main", async {
            wait_for("a turn", yield_now()).await;
            assert!(poll_now(wait_for("eggs", pending::<()>())).is_none());
            pending::<()>().await;
        })));
        drop(executor.spawner().spawn(watch.task("other", ready(()))));
        assert_eq!(executor.run_until_stalled(), 1);
        assert_eq!(watch.to_string(), "main: pending for 0 s (polls: 2)\n");
        drop(executor);
        assert_eq!(watch.to_string(), "");
    }

    #[test]
    fn a_task_that_ended_and_is_not_dropped_is_in_no_dump() {
        let (watch, _) = watch();
        let mut task = Box::pin(watch.task("main", ready(())));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(task.as_mut().poll(&mut cx).is_ready());
        assert_eq!(watch.to_string(), "");
    }

    #[test]
    fn two_waits_of_one_task_are_both_in_the_dump() {
        let (watch, by) = watch();
        let both = async {
            let milk = wait_for("milk", pending::<()>());
            futures::join!(milk, wait_for("eggs", pending::<()>()));
        };
        let mut task = Box::pin(watch.task("main", both));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(task.as_mut().poll(&mut cx).is_pending());
        by(2);
        assert_eq!(
            watch.to_string(),
            "main: pending for 2 s (polls: 1)\n  waits 2 s for milk\n  waits 2 \
             s for eggs\n"
        );
    }

    #[test]
    fn a_dump_says_whether_a_task_is_new_polled_pending_or_woken() {
        let (watch, by) = watch();
        let seen = watch.clone();
        let mut wakes: Option<Waker> = None;
        let future = poll_fn(|cx| {
            by(1);
            wakes = Some(cx.waker().clone());
            let dump = "main: in a poll for 1 s (polls: 1)\n";
            assert_eq!(seen.to_string(), dump);
            Poll::<()>::Pending
        });
        let mut task = Box::pin(watch.task("main", future));
        by(1);
        let dump = "main: never polled in 1 s (polls: 0)\n";
        assert_eq!(watch.to_string(), dump);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(task.as_mut().poll(&mut cx).is_pending());
        by(1);
        assert_eq!(watch.to_string(), "main: pending for 1 s (polls: 1)\n");
        drop(task);
        assert_eq!(watch.to_string(), "");
        wakes.expect("it was polled").wake();
    }

    #[test]
    fn a_wake_during_the_poll_and_one_after_it_are_seen() {
        let (watch, by) = watch();
        let mut yields = Box::pin(watch.task("yields", yield_now()));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(yields.as_mut().poll(&mut cx).is_pending());
        by(3);
        let woken = "yields: woken 3 s ago, not polled (polls: 1)\n";
        assert_eq!(watch.to_string(), woken);
        drop(yields);

        let kept: Mutex<Option<Waker>> = Mutex::default();
        let future = poll_fn(|cx| {
            *lock(&kept) = Some(cx.waker().clone());
            Poll::<()>::Pending
        });
        let mut task = Box::pin(watch.task("later", future));
        assert!(task.as_mut().poll(&mut cx).is_pending());
        let waker = lock(&kept).take();
        waker.expect("it was polled").wake();
        by(2);
        let woken = "later: woken 2 s ago, not polled (polls: 1)\n";
        assert_eq!(watch.to_string(), woken);
    }

    #[test]
    fn outside_of_a_watched_task_nothing_is_noted() {
        let (watch, _) = watch();
        assert!(poll_now(wait_for("eggs", pending::<()>())).is_none());
        assert_eq!(watch.to_string(), "");
    }

    #[test]
    fn a_task_within_a_task_gives_the_place_back() {
        let (watch, _) = watch();
        let inner = watch.clone();
        let mut outer = Box::pin(watch.task("outer", async move {
            let inner = inner.task("inner", wait_for("milk", pending::<()>()));
            assert!(poll_now(inner).is_none());
            wait_for("eggs", pending::<()>()).await;
        }));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(outer.as_mut().poll(&mut cx).is_pending());
        let dump = "outer: pending for 0 s (polls: 1)\n  waits 0 s for eggs\n";
        assert_eq!(watch.to_string(), dump);
    }

    #[test]
    fn a_task_that_panics_gives_the_place_back_and_leaves_the_dump() {
        let (watch, _) = watch();
        let mut bad = Box::pin(watch.task("bad", async {
            let _guest = OnDrop::new(|| ());
            panics();
        }));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(caught(|| bad.as_mut().poll(&mut cx)).is_err());
        assert!(HERE.with_borrow(|here| here.is_none()));
        drop(bad);
        assert_eq!(watch.to_string(), "");
    }

    #[test]
    fn a_watched_task_keeps_no_waker_once_it_is_dropped() {
        let (watch, _) = watch();
        let guest = Guest::new();
        let waker = guest.waker();
        let mut task = Box::pin(watch.task("main", yield_now()));
        let mut cx = Context::from_waker(&waker);
        assert!(task.as_mut().poll(&mut cx).is_pending());
        assert_eq!(guest.wakes(), 1, "the wake is passed on");
        drop(task);
        drop(waker);
        assert_eq!(guest.handles(), 0);
    }

    #[test]
    fn a_waker_may_look_at_the_dump_while_it_is_woken() {
        use crate::proof::hostile::Moment;
        let (watch, _) = watch();
        let guest = Guest::new();
        let waker = guest.waker();
        let mut task = Box::pin(watch.task("main", yield_now()));
        let seen = watch.clone();
        guest.next(Moment::WakeByRef, move || {
            assert!(seen.to_string().contains("in a poll"));
        });
        let mut cx = Context::from_waker(&waker);
        assert!(task.as_mut().poll(&mut cx).is_pending());
        assert_eq!(guest.deeds_left(), 0);
    }

    /// Hands on what is printed, to a task that it wakes.
    struct ToTask(Waker);

    impl fmt::Write for ToTask {
        fn write_str(&mut self, _: &str) -> fmt::Result {
            self.0.wake_by_ref();
            Ok(())
        }
    }

    #[test]
    fn a_watched_task_may_be_woken_while_the_dump_is_printed() {
        use crate::proof::watchdog;
        let run = || {
            let (watch, _) = watch();
            let kept: Mutex<Option<Waker>> = Mutex::default();
            let future = poll_fn(|cx| {
                *lock(&kept) = Some(cx.waker().clone());
                Poll::<()>::Pending
            });
            let mut task = Box::pin(watch.task("log", future));
            let mut cx = Context::from_waker(Waker::noop());
            assert!(task.as_mut().poll(&mut cx).is_pending());
            let waker = lock(&kept).take();
            let mut to_task = ToTask(waker.expect("it was polled"));
            fmt::Write::write_fmt(&mut to_task, format_args!("{watch}"))
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(Ok(())));
    }
}
