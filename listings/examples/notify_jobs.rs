//! Two workers share a list and sleep while it is empty. One is cancelled.

use std::cell::RefCell;
use std::collections::VecDeque;

use futures::join;

use listings::futures::combinators::once::poll_once;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::notify::line::Notify;

// ANCHOR: jobs
#[derive(Default)]
struct Jobs {
    list: RefCell<VecDeque<&'static str>>,
    more: Notify,
}

impl Jobs {
    fn add(&self, job: &'static str) {
        self.list.borrow_mut().push_back(job);
        self.more.notify_one();
    }

    async fn take(&self) -> &'static str {
        loop {
            if let Some(job) = self.list.borrow_mut().pop_front() {
                return job;
            }
            self.more.notified().await;
        }
    }
}
// ANCHOR_END: jobs

// ANCHOR: program
fn main() {
    block_on(async {
        let jobs = Jobs::default();
        let mut ann = Box::pin(jobs.take());
        let mut bob = Box::pin(jobs.take());
        println!("Ann: {:?}", poll_once(&mut ann).await);
        println!("Bob: {:?}", poll_once(&mut bob).await);
        jobs.add("wash up");
        println!("Ann was told, and goes home");
        drop(ann);
        println!("Bob: {:?}", bob.await);

        jobs.add("dry up");
        println!("later: {:?}", jobs.take().await);
        let spare = poll_once(&mut jobs.more.notified()).await;
        println!("the permit was not needed: {spare:?}");

        let all = jobs.more.notified();
        let close = async { jobs.more.notify_waiters() };
        join!(all, jobs.more.notified(), close);
        println!("all were told");
    });
}
// ANCHOR_END: program
