//! A function that returns while a task of it goes on.

use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::executor::{Executor, JoinError, Spawner};

// ANCHOR: program
async fn cook(name: &'static str, turns: u32) -> &'static str {
    for _ in 0..turns {
        yield_now().await;
    }
    println!("{name} has served");
    name
}

async fn burns(name: &'static str) -> &'static str {
    yield_now().await;
    panic!("{name} burned the eggs")
}

async fn dinner(spawner: Spawner) -> Result<(), JoinError> {
    let ann = spawner.spawn(cook("Ann", 3));
    let bob = spawner.spawn(burns("Bob"));
    // The `?` returns, and drops the handle of Ann.
    bob.await?;
    ann.await?;
    Ok(())
}

fn main() {
    let executor = Executor::default();
    match executor.run(dinner(executor.spawner())) {
        Ok(()) => println!("dinner is over"),
        Err(why) => println!("dinner is over: {why}"),
    }
    executor.run_until_stalled();
}
// ANCHOR_END: program
