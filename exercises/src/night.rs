//! Exercise to pinning/dyn-and-recursion.html: make boxed futures `Send`.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

/// A future that is pending once.
async fn pause() {
    let mut waited = false;
    poll_fn(|cx| {
        if waited {
            return Poll::Ready(());
        }
        waited = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

// ANCHOR: stub
/// A job of the night. Another thread should run all jobs, but the type does
/// not say that it may. Let the type say it, and then repair what the compiler
/// complains about. `report` returns the same text as now.
pub type Job = Pin<Box<dyn Future<Output = String>>>;

/// What there is to do.
pub fn night() -> Vec<Job> {
    vec![Box::pin(backup()), Box::pin(report("Ada"))]
}

async fn backup() -> String {
    pause().await;
    "copied".to_string()
}

async fn report(name: &'static str) -> String {
    let lines = Rc::new(RefCell::new(vec!["dear"]));
    pause().await;
    lines.borrow_mut().push(name);
    lines.borrow().join(" ")
}
// ANCHOR_END: stub
