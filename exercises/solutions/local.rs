//! A thread with a channel of closures. Each makes its future there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::{future, thread};

use exercises::block_on;

type Job = Box<dyn FnOnce() + Send>;

struct Reply<T> {
    /// How the job ended.
    end: Option<Option<T>>,
    waker: Option<Waker>,
}

/// Runs futures that are not `Send`, on one thread of its own.
#[derive(Clone)]
pub struct Local {
    jobs: Sender<Job>,
}

impl Local {
    pub fn start() -> Local {
        let (jobs, queue) = channel::<Job>();
        thread::spawn(move || queue.iter().for_each(|job| job()));
        Local { jobs }
    }

    /// Calls `make` on the thread, runs the future that it returns there, and
    /// gives its value back, or `None` when it panics.
    pub async fn run<T, F>(
        &self,
        make: impl FnOnce() -> F + Send + 'static,
    ) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        let reply = Arc::new(Mutex::new(Reply { end: None, waker: None }));
        let tells = reply.clone();
        let job: Job = Box::new(move || {
            let end = catch_unwind(AssertUnwindSafe(|| block_on(make()))).ok();
            let mut reply = tells.lock().expect("nothing panics in it");
            reply.end = Some(end);
            let waker = reply.waker.take();
            drop(reply);
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        self.jobs.send(job).ok()?;
        future::poll_fn(|cx| {
            let newest = cx.waker().clone();
            let mut reply = reply.lock().expect("nothing panics in it");
            if let Some(end) = reply.end.take() {
                return Poll::Ready(end);
            }
            let old = reply.waker.replace(newest);
            drop(reply);
            drop(old);
            Poll::Pending
        })
        .await
    }
}
