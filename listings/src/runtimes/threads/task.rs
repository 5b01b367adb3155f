//! A task that any thread may wake and any worker may poll, one at a time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use super::join::{Join, JoinHandle, Joined};
use crate::runtimes::executor::JoinError;
use crate::runtimes::executor::caught::catch;

/// A task whose type is not known, as it stands in a queue.
pub type Runnable = Arc<dyn Work>;

/// What an executor does with a task.
pub trait Work: Send + Sync {
    /// Polls the task once. Returns it if it was woken during its poll: then
    /// the worker puts it back.
    fn run(self: Arc<Self>) -> Option<Runnable>;
    /// Drops the future of a task that no worker will poll any more.
    fn cancel(&self);
}

/// What a task needs of its executor.
pub trait Schedule: Sized + Send + Sync + 'static {
    /// Puts a task of this executor that was woken into a queue.
    fn schedule<F>(task: Arc<Task<F, Self>>)
    where
        F: Future<Output: Send> + Send + 'static;
    /// Forgets a task that has ended.
    fn forget(&self, key: u32);
}

// ANCHOR: task
/// The task waits. The next wake puts it into a queue.
const IDLE: u8 = 0;
/// The task was woken: it is in a queue, or will be after its poll.
const WOKEN: u8 = 1;
/// A worker polls the task, and nobody has woken it since.
const POLLED: u8 = 2;

/// A future, its state, and the place for its result.
pub struct Task<F: Future, S> {
    state: AtomicU8,
    /// Empty when the task has ended. Nobody waits for this lock: the worker
    /// that took the task out of a queue has it, and `cancel` only tries.
    future: Mutex<Place<F>>,
    aborted: AtomicBool,
    join: Join<F::Output>,
    /// The number under which the executor knows it.
    key: AtomicU32,
    /// Where it goes when it is woken.
    pub executor: Arc<S>,
}

/// A future, and the waker for all of its polls, which the first one makes.
/// The waker keeps the task alive until `end` takes both.
type Place<F> = Option<(Pin<Box<F>>, Option<Waker>)>;
// ANCHOR_END: task

// ANCHOR: wake
impl<F, S> Wake for Task<F, S>
where
    F: Future<Output: Send> + Send + 'static,
    S: Schedule,
{
    fn wake(self: Arc<Self>) {
        if self.state.swap(WOKEN, Ordering::AcqRel) == IDLE {
            S::schedule(self);
        }
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(WOKEN, Ordering::AcqRel) == IDLE {
            S::schedule(self.clone());
        }
    }
}
// ANCHOR_END: wake

impl<F, S> Work for Task<F, S>
where
    F: Future<Output: Send> + Send + 'static,
    S: Schedule,
{
    // ANCHOR: run
    fn run(self: Arc<Self>) -> Option<Runnable> {
        // Acquire: the poll sees what was done before the wake.
        self.state.swap(POLLED, Ordering::AcqRel);
        let mut place = self.lock();
        if let Poll::Ready(result) = self.poll(&mut place) {
            // For good: no wake will put it into a queue again.
            self.state.store(WOKEN, Ordering::Release);
            self.end(place, result);
            return None;
        }
        drop(place);
        let (from, to) = (Ordering::AcqRel, Ordering::Acquire);
        if self.state.compare_exchange(POLLED, IDLE, from, to).is_ok() {
            return None;
        }
        // It was woken during its poll, and is ours to put back.
        if self.aborted.load(Ordering::Acquire) {
            self.end(self.lock(), Err(JoinError::Cancelled));
            return None;
        }
        Some(self)
    }
    // ANCHOR_END: run

    fn cancel(&self) {
        self.aborted.store(true, Ordering::Release);
        if self.state.swap(WOKEN, Ordering::AcqRel) == POLLED {
            return;
        }
        // An error: a task drops its own executor. Its worker, which polls
        // it now, ends it after the poll.
        if let Ok(place) = self.future.try_lock() {
            self.end(place, Err(JoinError::Cancelled));
        }
    }
}

impl<F, S> Task<F, S>
where
    F: Future<Output: Send> + Send + 'static,
    S: Schedule,
{
    fn lock(&self) -> MutexGuard<'_, Place<F>> {
        self.future.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll(
        self: &Arc<Self>,
        place: &mut Place<F>,
    ) -> Poll<Result<F::Output, JoinError>> {
        if self.aborted.load(Ordering::Acquire) {
            return Poll::Ready(Err(JoinError::Cancelled));
        }
        let Some((future, waker)) = place else { return Poll::Pending };
        let waker = waker.get_or_insert_with(|| Waker::from(self.clone()));
        let mut cx = Context::from_waker(waker);
        match catch(|| future.as_mut().poll(&mut cx)) {
            Ok(poll) => poll.map(Ok),
            Err(message) => Poll::Ready(Err(JoinError::Panic(message))),
        }
    }

    /// Drops the future, then tells the handle.
    fn end(
        &self,
        mut place: MutexGuard<'_, Place<F>>,
        result: Result<F::Output, JoinError>,
    ) {
        let Some(future) = place.take() else { return };
        // A destructor is foreign code. It runs while nothing is locked.
        drop(place);
        let _ = catch(|| drop(future));
        self.executor.forget(self.key.load(Ordering::Relaxed));
        self.join.finish(result);
    }
}

impl<F, S> Joined<F::Output> for Task<F, S>
where
    F: Future<Output: Send> + Send + 'static,
    S: Schedule,
{
    fn join(&self) -> &Join<F::Output> {
        &self.join
    }

    fn abort(self: Arc<Self>) {
        self.aborted.store(true, Ordering::Release);
        self.wake();
    }
}

/// A new task, which is as good as woken: `schedule` it, or `cancel` it. Keeps
/// it under the key that `keep` gives, or cancels it if there is none.
pub fn spawn<F, S>(
    future: F,
    executor: &Arc<S>,
    keep: impl FnOnce(Runnable) -> Option<u32>,
) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
    S: Schedule,
{
    let task = Arc::new(Task {
        state: AtomicU8::new(WOKEN),
        future: Mutex::new(Some((Box::pin(future), None))),
        aborted: AtomicBool::new(false),
        join: Join::default(),
        key: AtomicU32::new(u32::MAX),
        executor: executor.clone(),
    });
    match keep(task.clone()) {
        Some(key) => {
            task.key.store(key, Ordering::Relaxed);
            S::schedule(task.clone());
        }
        None => task.cancel(),
    }
    JoinHandle(task)
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};

    use super::*;
    use crate::proof::hostile::caught;

    /// A queue, and the keys of the tasks that have ended.
    #[derive(Default)]
    struct Line {
        tasks: Mutex<Vec<Runnable>>,
        ended: Mutex<Vec<u32>>,
    }

    impl Schedule for Line {
        fn schedule<F>(task: Arc<Task<F, Self>>)
        where
            F: Future<Output: Send> + Send + 'static,
        {
            let line = task.executor.clone();
            line.tasks.lock().unwrap().push(task);
        }

        fn forget(&self, key: u32) {
            self.ended.lock().unwrap().push(key);
        }
    }

    impl Line {
        /// Runs the last task, and says whether it was put back.
        fn run_one(&self) -> bool {
            let task = self.tasks.lock().unwrap().pop().expect("one waits");
            let again = task.run();
            let put_back = again.is_some();
            self.tasks.lock().unwrap().extend(again);
            put_back
        }

        fn len(&self) -> usize {
            self.tasks.lock().unwrap().len()
        }
    }

    #[test]
    fn a_task_that_waits_is_queued_by_the_first_wake_only() {
        let line = Arc::new(Line::default());
        let mut waker = None;
        let (sender, wakers) = std::sync::mpsc::channel();
        let handle = spawn(
            poll_fn(move |cx| {
                sender.send(cx.waker().clone()).unwrap();
                Poll::<()>::Pending
            }),
            &line,
            |_| Some(7),
        );
        assert_eq!(line.len(), 1, "it is woken from the start");
        assert!(!line.run_one());
        waker.replace(wakers.recv().unwrap());
        assert_eq!(line.len(), 0);
        (0..3).for_each(|_| waker.as_ref().unwrap().wake_by_ref());
        assert_eq!(line.len(), 1);
        handle.abort();
        assert_eq!(line.len(), 1);
        assert!(!line.run_one());
        assert_eq!(*line.ended.lock().unwrap(), [7]);
        waker.unwrap().wake();
        assert_eq!(line.len(), 0, "it has ended");
    }

    #[test]
    fn wakes_during_the_poll_put_the_task_back_once_after_it() {
        let line = Arc::new(Line::default());
        let (sees, mut polls) = (line.clone(), 0);
        let handle = spawn(
            poll_fn(move |cx| {
                polls += 1;
                if polls == 3 {
                    return Poll::Ready(());
                }
                (0..3).for_each(|_| cx.waker().wake_by_ref());
                assert_eq!(sees.len(), 0, "not yet");
                Poll::Pending
            }),
            &line,
            |_| Some(7),
        );
        let put_back = [(); 3].map(|()| line.run_one());
        assert_eq!((put_back, line.len()), ([true, true, false], 0));
        assert_eq!(*line.ended.lock().unwrap(), [7]);
        drop(handle);
    }

    #[test]
    fn a_task_has_one_waker_from_its_first_poll_to_its_end() {
        let line = Arc::new(Line::default());
        let mut kept = None;
        let wakes_itself = poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        let handle = spawn(wakes_itself, &line, |task| {
            kept = Some(task);
            Some(7)
        });
        let task = kept.unwrap();
        let count = || Arc::strong_count(&task);
        assert_eq!(count(), 3, "here, in the handle and in the queue");
        for _ in 0..3 {
            assert!(line.run_one());
            assert_eq!(count(), 4, "and in the waker");
        }
        handle.abort();
        assert!(!line.run_one());
        assert_eq!(count(), 2, "here and in the handle");
    }

    #[test]
    fn a_task_that_no_executor_takes_is_cancelled() {
        let line = Arc::new(Line::default());
        let handle = spawn(pending::<()>(), &line, |_| None);
        assert_eq!(line.len(), 0);
        let end = crate::wakers::block_on::flag::block_on(handle);
        assert_eq!(end, Err(JoinError::Cancelled));
        assert!(caught(|| drop(line)).is_ok());
    }
}
