//! A waker that takes its time to be cloned.

use std::mem::ManuallyDrop;
use std::panic::resume_unwind;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Poll, RawWaker, RawWakerVTable, Waker};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::task::{Task, poll_with};

type Job = Box<dyn FnOnce() + Send>;

/// A task whose waker takes its time to be cloned. Meanwhile another thread
/// does something, unless it has to wait for a lock.
pub struct Meanwhile {
    inner: Arc<Inner>,
}

struct Inner {
    task: Arc<Task>,
    other: Mutex<Option<Job>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Meanwhile {
    /// `other` is what the thread does.
    pub fn new(
        task: &Arc<Task>,
        other: impl FnOnce() + Send + 'static,
    ) -> Meanwhile {
        let other: Job = Box::new(other);
        Meanwhile {
            inner: Arc::new(Inner {
                task: task.clone(),
                other: Mutex::new(Some(other)),
                thread: Mutex::new(None),
            }),
        }
    }

    /// Polls `future` once with that waker, and waits for the thread.
    pub fn poll<F: Future + Unpin>(self, future: &mut F) -> Poll<F::Output> {
        let data = Arc::into_raw(self.inner.clone()).cast();
        // SAFETY: `data` is an `Arc` of `Inner`, as each function of the
        // table expects, and `Inner` may be used from any thread.
        let waker = unsafe { Waker::new(data, &TABLE) };
        let answer = poll_with(&waker, future);
        // What did not clone the waker has met nobody.
        self.inner.let_through();
        let thread = self.inner.thread.lock().unwrap().take();
        let thread = thread.expect("the other thread was started");
        if let Err(panic) = thread.join() {
            resume_unwind(panic);
        }
        answer
    }
}

impl Inner {
    /// Starts the thread and lets it come as far as it can.
    fn let_through(&self) {
        let Some(other) = self.other.lock().unwrap().take() else { return };
        let (starts, started) = channel();
        let (done, is_done) = channel();
        let thread = thread::spawn(move || {
            let _ = starts.send(());
            other();
            let _ = done.send(());
        });
        *self.thread.lock().unwrap() = Some(thread);
        let _ = started.recv();
        // If it waits for a lock that the exercise holds, it goes on later.
        let _ = is_done.recv_timeout(Duration::from_millis(300));
    }
}

static TABLE: RawWakerVTable =
    RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

/// # Safety
/// `data` came from `Arc::<Inner>::into_raw`, and its waker still exists.
unsafe fn borrow(data: *const ()) -> ManuallyDrop<Arc<Inner>> {
    // SAFETY: as promised; the count is the waker's, so it is not lowered.
    ManuallyDrop::new(unsafe { Arc::from_raw(data.cast()) })
}

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the waker that is cloned exists.
    let inner = unsafe { borrow(data) };
    inner.let_through();
    RawWaker::new(Arc::into_raw(Arc::clone(&inner)).cast(), &TABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: the waker exists, and is dropped right after.
    unsafe {
        wake_by_ref(data);
        drop_waker(data);
    }
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the waker exists.
    let inner = unsafe { borrow(data) };
    inner.task.waker().wake();
}

unsafe fn drop_waker(data: *const ()) {
    // SAFETY: this waker's count is given up, and it is used no more.
    drop(unsafe { Arc::<Inner>::from_raw(data.cast()) });
}
