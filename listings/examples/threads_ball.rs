//! Two tasks that pass a ball: what a pass costs on each of our two pools.

use std::sync::atomic::Ordering;

use listings::runtimes::threads::{Pool, shared};
use listings::wakers::block_on::job::count_polls;
use listings::wakers::channel::unbounded::{Receiver, Sender, channel};

// ANCHOR: program
/// Passes the ball on until no passes are left.
async fn plays(mut incoming: Receiver<u32>, other: Sender<u32>) {
    while let Some(passes_left @ 1..) = incoming.recv().await {
        // An error means that the other has ended.
        let _ = other.send(passes_left - 1);
    }
}
// ANCHOR_END: program

/// Both players, and the ball. Each player returns how often it was polled.
fn players() -> [impl Future<Output = ((), u64)> + Send + 'static; 2] {
    let ((to_ann, for_ann), (to_bob, for_bob)) = (channel(), channel());
    to_ann.send(10_000).expect("she listens");
    [(for_ann, to_bob), (for_bob, to_ann)]
        .map(|(incoming, other)| count_polls(plays(incoming, other)))
}

fn say(pool: &str, locks: u64, woken: u64, polls: u64) {
    let a_poll = |count: u64| count as f64 / polls as f64;
    let (locks, woken) = (a_poll(locks), a_poll(woken));
    println!("{pool}: {locks:.1} and {woken:.1}");
}

fn main() {
    println!("locks and notices to workers, a poll");

    let pool = shared::Pool::new(2);
    let tasks = players().map(|player| pool.spawn(player));
    let polls = tasks.map(|task| polled(pool.run(task))).iter().sum();
    let [locks, woken] = [&pool.counts().locks, &pool.counts().notices]
        .map(|count| count.load(Ordering::Relaxed));
    say("one queue", locks, woken, polls);

    let pool = Pool::new(2);
    let tasks = players().map(|player| pool.spawn(player));
    let polls = tasks.map(|task| polled(pool.run(task))).iter().sum();
    let (mut all, injector) = pool.locks();
    all.push(injector);
    let locks = all.iter().map(|locks| locks.by_owner + locks.by_others).sum();
    say("a queue and a slot", locks, pool.woken(), polls);
}

fn polled<E: std::fmt::Debug>(end: Result<((), u64), E>) -> u64 {
    end.expect("no player panics").1
}
