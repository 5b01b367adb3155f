//! A dump of the waiting tasks: which task waits, for what, and which poll of
//! the task polled this wait last.

use std::cell::RefCell;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

// ANCHOR: task
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

/// Something that a task waits for.
struct Wait {
    on: &'static str,
    /// In which poll of the task this wait was polled last: a number.
    last: AtomicU32,
}
// ANCHOR_END: task

// ANCHOR: here
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
// ANCHOR_END: here

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
        let result = self.future.as_mut().poll(cx);
        if result.is_ready() {
            self.entry = None;
            return result;
        }
        if self.entry.is_none() {
            self.entry = Entry::new(self.on);
        }
        if let Some(entry) = &self.entry {
            entry.wait.last.store(entry.task.polls.load(SeqCst), SeqCst);
        }
        result
    }
}
// ANCHOR_END: wait

/// Waits for `future`, and notes in the running task that it waits `on` this.
pub fn wait_for<F: Future>(on: &'static str, future: F) -> WaitFor<F> {
    WaitFor { on, future: Box::pin(future), entry: None }
}

// ANCHOR: entry
/// A wait in the list of its task. Dropped, it leaves the list.
struct Entry {
    task: Arc<Task>,
    wait: Arc<Wait>,
}

impl Entry {
    /// Of the running task. `None` where no watched task runs.
    fn new(on: &'static str) -> Option<Entry> {
        let task = HERE.with_borrow(|here| here.clone())?;
        let wait = Arc::new(Wait { on, last: AtomicU32::new(0) });
        lock(&task.waits).push(wait.clone());
        Some(Entry { task, wait })
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        lock(&self.task.waits).retain(|wait| !Arc::ptr_eq(wait, &self.wait));
    }
}
// ANCHOR_END: entry

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
                writeln!(f, "  waits for {}, last in poll {last}", wait.on)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::futures::combinators::once::{self, poll_now};
    use crate::runtimes::executor::Executor;
    use crate::runtimes::executor::yield_now::yield_now;

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
    fn a_dump_says_who_waits_for_what_since_which_poll() {
        let (executor, watch) = (Executor::default(), Watch::default());
        let task = watch.task("main", async {
            yield_now().await;
            wait_for("eggs", pending::<()>()).await;
        });
        drop(executor.spawner().spawn(task));
        drop(executor.spawner().spawn(watch.task("other", ready(()))));
        assert_eq!(executor.run_until_stalled(), 1);
        let dump = "task main: polled 2 times\n  waits for eggs, last in poll \
                    2\ntask other: polled 1 times, ended\n";
        assert_eq!(watch.to_string(), dump);
    }

    #[test]
    fn a_wait_that_is_over_or_dropped_is_in_no_dump() {
        let watch = Watch::default();
        let executor = Executor::default();
        let task = watch.task("main", async {
            let mut turn = wait_for("a turn", yield_now());
            (&mut turn).await;
            assert!(poll_now(wait_for("eggs", pending::<()>())).is_none());
            pending::<()>().await;
        });
        drop(executor.spawner().spawn(task));
        assert_eq!(executor.run_until_stalled(), 1);
        assert_eq!(watch.to_string(), "task main: polled 2 times\n");
    }

    #[test]
    fn outside_of_a_watched_task_nothing_is_noted() {
        let watch = Watch::default();
        assert!(poll_now(watch.task("main", pending::<()>())).is_none());
        assert!(poll_now(wait_for("eggs", pending::<()>())).is_none());
        assert_eq!(watch.to_string(), "task main: polled 1 times, ended\n");
    }
}
