//! Exercise to boundary/web.html: what a browser does inside
//! `spawn_local`.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

// ANCHOR: stub
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

impl Page {
    /// Takes the task and returns. Nothing is polled before `turn`.
    pub fn spawn_local(&self, task: impl Future<Output = ()> + 'static) {
        drop(task);
        todo!("give the task a number, and put the number into `woken`")
    }

    /// The browser calls this when your code has returned: polls what is
    /// woken, until nothing is. A task may spawn another one.
    pub fn turn(&self) {
        todo!("no borrow and no lock may last while a task is polled")
    }
}
// ANCHOR_END: stub
