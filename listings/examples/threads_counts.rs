//! The locks of one shared queue, and of a queue for each worker, counted.

use std::sync::atomic::Ordering;

use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::threads::{Pool, shared};

// ANCHOR: program
const TASKS: u64 = 100;
const TURNS: u64 = 1000;

async fn takes_turns() {
    for _ in 0..TURNS {
        yield_now().await;
    }
}

fn main() {
    let pool = shared::Pool::new(2);
    let tasks: Vec<_> = (0..TASKS).map(|_| pool.spawn(takes_turns())).collect();
    for task in tasks {
        pool.run(task).expect("it does not panic");
    }
    let locks = pool.counts().locks.load(Ordering::Relaxed);
    println!("one queue: {} locks a poll", a_poll(locks));

    let pool = Pool::new(2);
    let tasks: Vec<_> = (0..TASKS).map(|_| pool.spawn(takes_turns())).collect();
    for task in tasks {
        pool.run(task).expect("it does not panic");
    }
    let (queues, injector) = pool.locks();
    let own = queues.iter().map(|locks| locks.by_owner).sum();
    let others: u64 = queues.iter().map(|locks| locks.by_others).sum();
    let others = others + injector.by_owner + injector.by_others;
    println!("a queue each: {} locks a poll of its own", a_poll(own));
    println!("and {} of others' queues", a_poll(others));
}

fn a_poll(locks: u64) -> String {
    format!("{:.1}", locks as f64 / (TASKS * TURNS) as f64)
}
// ANCHOR_END: program
