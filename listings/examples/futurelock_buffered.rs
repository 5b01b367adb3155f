//! A stream of futures that is not polled while the body of its loop waits.

use std::rc::Rc;

use futures::StreamExt;
use futures::stream::{self, FuturesUnordered};
use listings::cancellation::futurelock::check::{Watch, hold, run_and_check};
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::mutex::fair::Mutex;

type Cache = Rc<Mutex<Vec<u32>>>;

// ANCHOR: loop
async fn fetch(cache: &Mutex<Vec<u32>>, page: u32) -> u32 {
    let _guard = hold("the cache", cache.lock()).await;
    yield_now().await;
    page
}

async fn store(cache: &Mutex<Vec<u32>>, page: u32) {
    hold("the cache", cache.lock()).await.push(page);
}

async fn buffered(cache: Cache) {
    let fetches = stream::iter(1..=3).map(|page| fetch(&cache, page));
    let mut pages = fetches.buffered(2);
    while let Some(page) = pages.next().await {
        println!("  page {page} is here");
        store(&cache, page).await;
    }
}

async fn unordered(cache: Cache) {
    let fetches = (1..=3).map(|page| fetch(&cache, page));
    let mut pages: FuturesUnordered<_> = fetches.collect();
    while let Some(page) = pages.next().await {
        println!("  page {page} is here");
        store(&cache, page).await;
    }
}
// ANCHOR_END: loop

// ANCHOR: program
/// Storing is a part of the futures that the stream polls.
async fn all_in_the_stream(cache: Cache) {
    let pages = stream::iter(1..=3).for_each_concurrent(2, async |page| {
        let page = fetch(&cache, page).await;
        println!("  page {page} is here");
        store(&cache, page).await;
    });
    pages.await;
}

fn run<F: Future + 'static>(name: &'static str, task: impl Fn(Cache) -> F) {
    println!("{name}:");
    let (executor, watch) = (Executor::default(), Watch::default());
    let cache = Cache::new(Mutex::new(vec![]));
    let task = watch.task(name, task(cache.clone()));
    let task = executor.spawner().spawn(task);
    for futurelock in run_and_check(&executor, &watch) {
        println!("  {futurelock}");
    }
    drop((executor, task));
    let stored = cache.try_lock().map(|pages| pages.clone());
    println!("  stored: {stored:?}");
}

fn main() {
    run("buffered", buffered);
    run("unordered", unordered);
    run("in the stream", all_in_the_stream);
}
// ANCHOR_END: program
