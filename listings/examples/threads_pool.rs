//! The finished pool: values, a panic and an abort.

use std::future::pending;
use std::panic::resume_unwind;

use listings::runtimes::threads::{JoinHandle, Pool, Spawner};

// ANCHOR: program
/// A task for each place of a tree. It returns the number of leaves.
fn leaves(spawner: Spawner, depth: u32) -> JoinHandle<u32> {
    let spawns = spawner.clone();
    spawner.spawn(async move {
        if depth == 0 {
            return 1;
        }
        let left = leaves(spawns.clone(), depth - 1);
        let right = leaves(spawns, depth - 1);
        left.await.unwrap_or(0) + right.await.unwrap_or(0)
    })
}

fn main() {
    let pool = Pool::new(4);
    println!("leaves:  {:?}", pool.run(leaves(pool.spawner(), 10)));

    let drops = async { resume_unwind(Box::new("Ann drops the pan")) };
    let end: Result<(), _> = pool.run(pool.spawn(drops));
    println!("panic:   {end:?}");

    let waits = pool.spawn(pending::<()>());
    waits.abort();
    println!("abort:   {:?}", pool.run(waits));

    let waits = pool.spawn(pending::<()>());
    drop(pool);
    println!("no pool: {:?}", Pool::new(1).run(waits));
}
// ANCHOR_END: program
