//! Boxed futures that any thread may run.

use std::future::poll_fn;
use std::pin::Pin;
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

/// A job of the night, which any thread may run.
pub type Job = Pin<Box<dyn Future<Output = String> + Send>>;

/// What there is to do.
pub fn night() -> Vec<Job> {
    vec![Box::pin(backup()), Box::pin(report("Ada"))]
}

async fn backup() -> String {
    pause().await;
    "copied".to_string()
}

async fn report(name: &'static str) -> String {
    let mut lines = vec!["dear"];
    pause().await;
    lines.push(name);
    lines.join(" ")
}
