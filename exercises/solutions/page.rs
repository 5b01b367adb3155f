//! Exercise to boundary/web.html: write what the page left out.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Wake, Waker};

/// A task of one thread.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// What a browser does for the tasks of a page. Clones share the tasks.
#[derive(Clone, Default)]
pub struct Page {
    /// The tasks that are not done, each under a number.
    pub tasks: Rc<RefCell<BTreeMap<usize, Task>>>,
    /// The numbers of the tasks to poll next. Wakers may go to other threads.
    pub woken: Arc<Mutex<VecDeque<usize>>>,
}

/// Puts the number of a task into the queue, once.
struct Woken {
    number: usize,
    queue: Arc<Mutex<VecDeque<usize>>>,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        let queue = self.queue.lock();
        let mut queue = queue.unwrap_or_else(PoisonError::into_inner);
        if !queue.contains(&self.number) {
            queue.push_back(self.number);
        }
    }
}

impl Page {
    /// Takes the task and returns. Nothing is polled before `turn`.
    pub fn spawn_local(&self, task: impl Future<Output = ()> + 'static) {
        let mut tasks = self.tasks.borrow_mut();
        // A task that is being polled is in the map too, as a placeholder.
        let number = tasks.last_key_value().map_or(0, |(last, _)| last + 1);
        tasks.insert(number, Box::pin(task));
        drop(tasks);
        self.waker(number).wake();
    }

    /// The browser calls this when your code has returned: polls what is
    /// woken, until nothing is. A task may spawn another one.
    pub fn turn(&self) {
        while let Some(number) = self.next() {
            // The place is kept, so that its number is not given again.
            let placeholder: Task = Box::pin(async {});
            let place = self
                .tasks
                .borrow_mut()
                .get_mut(&number)
                .map(|task| std::mem::replace(task, placeholder));
            let Some(mut task) = place else { continue };
            let waker = self.waker(number);
            let poll = task.as_mut().poll(&mut Context::from_waker(&waker));
            if poll.is_pending() {
                drop(self.tasks.borrow_mut().insert(number, task));
            } else {
                let done = self.tasks.borrow_mut().remove(&number);
                drop(done);
            }
        }
    }

    fn next(&self) -> Option<usize> {
        let queue = self.woken.lock();
        queue.unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    fn waker(&self, number: usize) -> Waker {
        Arc::new(Woken { number, queue: self.woken.clone() }).into()
    }
}
