//! Another thread that comes at the worst moment.

use std::hint;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
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
            std::panic::resume_unwind(panic);
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

/// A thread that does things at the same time as the test, again and again.
pub struct Rival {
    jobs: Sender<Job>,
    done: Receiver<()>,
    round: u32,
}

impl Default for Rival {
    fn default() -> Rival {
        let (jobs, next) = channel::<Job>();
        let (says, done) = channel();
        thread::spawn(move || {
            for job in next {
                job();
                if says.send(()).is_err() {
                    return;
                }
            }
        });
        Rival { jobs, done, round: 0 }
    }
}

impl Rival {
    /// Does both at once, each time a little earlier or later, and returns
    /// when both are done.
    pub fn at_once<R>(
        &mut self,
        theirs: impl FnOnce() + Send + 'static,
        mine: impl FnOnce() -> R,
    ) -> R {
        let meet = Arc::new([AtomicBool::new(false), AtomicBool::new(false)]);
        let there = meet.clone();
        let late = self.round % 64;
        self.round += 1;
        let job = Box::new(move || {
            there[0].store(true, SeqCst);
            wait_for(&there[1]);
            for _ in 0..late {
                hint::spin_loop();
            }
            theirs();
        });
        self.jobs.send(job).expect("the thread waits for jobs");
        wait_for(&meet[0]);
        meet[1].store(true, SeqCst);
        let result = mine();
        self.done.recv().expect("the other side does not panic");
        result
    }
}

fn wait_for(flag: &AtomicBool) {
    let mut turns = 0;
    while !flag.load(SeqCst) {
        turns += 1;
        match turns % 100 {
            // With one core the other one has to have its turn.
            0 => thread::yield_now(),
            _ => hint::spin_loop(),
        }
    }
}
