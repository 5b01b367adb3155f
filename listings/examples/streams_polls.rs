//! How often futures are polled that become ready one after the other.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Waker};

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use listings::futures::poll::manual::manual;
use listings::runtimes::streams::buffered::buffered;
use listings::runtimes::streams::stream::collect;
use listings::runtimes::streams::unordered::Unordered;

// ANCHOR: count
type Job = Pin<Box<dyn Future<Output = ()>>>;

/// Completes `n` jobs one after the other, and polls the set after each.
fn count<S: Future>(name: &str, n: usize, set: impl FnOnce(Vec<Job>) -> S) {
    let polls = Rc::new(Cell::new(0));
    let (mut jobs, mut completers) = (Vec::<Job>::new(), Vec::new());
    for _ in 0..n {
        let (mut future, completer) = manual();
        let polls = polls.clone();
        jobs.push(Box::pin(poll_fn(move |cx| {
            polls.set(polls.get() + 1);
            Pin::new(&mut future).poll(cx)
        })));
        completers.push(completer);
    }
    let mut set = pin!(set(jobs));
    let mut cx = Context::from_waker(Waker::noop());
    let mut end = set.as_mut().poll(&mut cx);
    for completer in completers {
        assert!(end.is_pending());
        completer.complete(());
        end = set.as_mut().poll(&mut cx);
    }
    assert!(end.is_ready());
    println!("{name} {n:4} jobs, {:6} polls", polls.get());
}
// ANCHOR_END: count

// ANCHOR: program
fn main() {
    count("join_all        ", 30, join_all);
    count("join_all        ", 31, join_all);
    count("FuturesUnordered", 1000, async |jobs| {
        let mut set: FuturesUnordered<Job> = jobs.into_iter().collect();
        while set.next().await.is_some() {}
    });
    count("our Unordered   ", 1000, async |jobs| {
        let mut set = Unordered::default();
        jobs.into_iter().for_each(|job| set.push(job));
        collect(set).await;
    });
    count("our buffered    ", 1000, async |jobs| {
        collect(buffered(jobs.into_iter(), 1000)).await;
    });
}
// ANCHOR_END: program
