//! An executor that runs until nobody is left to poll.

use std::cell::RefCell;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

// std's, but the tests know when it is unlocked.
use exercises::sync::Mutex;

type BoxFuture = Pin<Box<dyn Future<Output = ()>>>;

/// Runs tasks on the thread that made it. The place of a task in `tasks` is
/// its key; the place is empty while the task is polled, and when it is done.
#[derive(Default)]
pub struct Executor {
    tasks: RefCell<Vec<Option<BoxFuture>>>,
    woken: Arc<Mutex<Vec<usize>>>,
}

/// What a waker holds.
struct Signal {
    key: usize,
    woken: Arc<Mutex<Vec<usize>>>,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        let mut woken = self.woken.lock().expect("nothing panics under it");
        if !woken.contains(&self.key) {
            woken.push(self.key);
        }
    }
}

impl Executor {
    /// Makes `future` a task that wants to be polled.
    pub fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        let mut tasks = self.tasks.borrow_mut();
        let key = tasks.len();
        tasks.push(Some(Box::pin(future)));
        drop(tasks);
        self.waker(key).wake();
    }

    fn waker(&self, key: usize) -> Waker {
        Arc::new(Signal { key, woken: self.woken.clone() }).into()
    }

    /// Polls tasks until none is woken. Returns how many are left.
    pub fn run_until_stalled(&self) -> usize {
        loop {
            let mut woken = self.woken.lock().expect("nothing panics under it");
            let keys = mem::take(&mut *woken);
            drop(woken);
            if keys.is_empty() {
                let tasks = self.tasks.borrow();
                return tasks.iter().filter(|task| task.is_some()).count();
            }
            for key in keys {
                let task = self.tasks.borrow_mut()[key].take();
                let Some(mut task) = task else { continue };
                let waker = self.waker(key);
                let mut cx = Context::from_waker(&waker);
                if task.as_mut().poll(&mut cx).is_pending() {
                    self.tasks.borrow_mut()[key] = Some(task);
                }
            }
        }
    }
}
