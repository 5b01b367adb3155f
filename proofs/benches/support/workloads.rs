//! The six workloads, each for any runtime.

use std::hint::black_box;
use std::sync::Arc;

use super::channels::{self, Channels};
use super::runtimes::{
    Naive, Ours, Pool, Runtime, Simple, Smol, Tokio, Turn, Yields,
};
use super::table::{Run, Table, workload};

/// How many tasks there are at once where there are many.
const TASKS: usize = 1000;

/// Spawns a thousand tasks, then awaits all of them. Operation: a task.
fn spawn_all<R: Runtime>(runtime: &R, operations: usize) {
    runtime.run(async {
        for _ in 0..operations / TASKS {
            let handles: Vec<_> = (0..TASKS)
                .map(|i| runtime.spawn(async move { black_box(i) }))
                .collect();
            for handle in handles {
                black_box(handle.await);
            }
        }
    });
}

/// Spawns a task and awaits it. Operation: a task.
fn spawn_one<R: Runtime>(runtime: &R, operations: usize) {
    runtime.run(async {
        for i in 0..operations {
            black_box(runtime.spawn(async move { black_box(i) }).await);
        }
    });
}

/// A thousand tasks yield to each other. Operation: a yield.
fn yields<R: Runtime>(runtime: &R, operations: usize) {
    let each = operations / TASKS;
    runtime.run(async {
        let handles: Vec<_> =
            (0..TASKS).map(|_| runtime.spawn(Yields(each))).collect();
        for handle in handles {
            handle.await;
        }
    });
}

/// A thousand tasks in a ring; each waits for its turn and wakes the next.
/// Operation: a turn.
fn chain<R: Runtime>(runtime: &R, operations: usize) {
    let each = operations / TASKS;
    let turns: Arc<[Turn]> = (0..TASKS).map(|_| Turn::default()).collect();
    runtime.run(async {
        let handles: Vec<_> = (0..TASKS)
            .map(|i| {
                let turns = turns.clone();
                runtime.spawn(async move {
                    for _ in 0..each {
                        turns[i].wait().await;
                        turns[(i + 1) % TASKS].call();
                    }
                })
            })
            .collect();
        turns[0].call();
        for handle in handles {
            handle.await;
        }
    });
}

/// The ball carries the way back.
struct Ball<C: Channels>(Option<C::OneSender<Ball<C>>>);

async fn player<C: Channels>(
    mut receiver: C::OneReceiver<Ball<C>>,
    mut turns: usize,
) {
    while let Ball(Some(back)) = C::receive(receiver).await {
        turns -= 1;
        if turns == 0 {
            return C::answer(back, Ball(None));
        }
        let (sender, next) = C::oneshot();
        receiver = next;
        C::answer(back, Ball(Some(sender)));
    }
}

/// Two tasks throw a ball, in a new oneshot each time. Operation: there and
/// back.
fn ping_pong<R: Runtime, C: Channels>(runtime: &R, operations: usize) {
    runtime.run(async {
        let (to_first, first) = C::oneshot();
        let (to_second, second) = C::oneshot();
        let one = runtime.spawn(player::<C>(first, operations));
        let two = runtime.spawn(player::<C>(second, operations + 1));
        C::answer(to_first, Ball(Some(to_second)));
        one.await;
        two.await;
    });
}

/// One task sends numbers to another, through a channel that holds 100.
/// Operation: a number.
fn numbers<R: Runtime, C: Channels>(runtime: &R, operations: usize) {
    runtime.run(async {
        let (mut sender, mut receiver) = C::channel(100);
        let sending = runtime.spawn(async move {
            for i in 0..operations as u64 {
                C::send(&mut sender, i).await;
            }
        });
        let receiving = runtime.spawn(async move {
            let mut sum = 0;
            while let Some(i) = C::next(&mut receiver).await {
                sum += i;
            }
            sum
        });
        sending.await;
        black_box(receiving.await);
    });
}

/// The table of the chapters on executors.
pub const TABLE: Table = Table {
    name: "executor",
    columns: &["tokio", "ours", "simple", "naive", "futures", "smol"],
    workloads: &[
        workload("spawn-all", "spawn 1000, await all", 20_000, 0.50),
        workload("spawn-one", "spawn one, await it", 20_000, 0.20),
        workload("yield", "1000 tasks yield", 200_000, 0.35),
        workload("chain", "task i wakes task i + 1", 100_000, 0.75),
        workload("ping-pong", "ping-pong, own oneshots", 20_000, 0.70),
        workload("channel", "own channel, 1 to 1", 100_000, 0.39),
    ],
    crates: &["tokio", "futures", "smol"],
    find: |workload, runtime| match runtime {
        "ours" => talking::<Ours, channels::Ours>(workload),
        "simple" => talking::<Simple, channels::Ours>(workload),
        "tokio" => talking::<Tokio, channels::Tokio>(workload),
        "smol" => talking::<Smol, channels::Smol>(workload),
        "futures" => talking::<Pool, channels::Futures>(workload),
        "naive" => on::<Naive>(workload),
        _ => None,
    },
};

fn on<R: Runtime + 'static>(workload: &str) -> Option<Run> {
    let work: fn(&R, usize) = match workload {
        "spawn-all" => spawn_all,
        "spawn-one" => spawn_one,
        "yield" => yields,
        "chain" => chain,
        _ => return None,
    };
    let runtime = R::new();
    Some(Box::new(move |operations| work(&runtime, operations)))
}

fn talking<R: Runtime + 'static, C: Channels>(workload: &str) -> Option<Run> {
    let work: fn(&R, usize) = match workload {
        "ping-pong" => ping_pong::<R, C>,
        "channel" => numbers::<R, C>,
        _ => return on::<R>(workload),
    };
    let runtime = R::new();
    Some(Box::new(move |operations| work(&runtime, operations)))
}
