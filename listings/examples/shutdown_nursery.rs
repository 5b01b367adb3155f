//! A nursery whose tasks end well, and one in which a task fails.

use std::fmt::Debug;

use listings::cancellation::shutdown::nursery::nursery;
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::yield_now::yield_now;

// ANCHOR: cooks
/// Says when it is dropped.
struct Pan(&'static str);

impl Drop for Pan {
    fn drop(&mut self) {
        println!("  {} washes the pan", self.0);
    }
}

async fn cook(name: &'static str, turns: u32) -> Result<(), String> {
    let _pan = Pan(name);
    for _ in 0..turns {
        yield_now().await;
    }
    println!("  {name} has served");
    Ok(())
}

async fn burns(name: &'static str) -> Result<(), String> {
    yield_now().await;
    Err(format!("{name} burned the eggs"))
}
// ANCHOR_END: cooks

fn show(what: &str, dinner: impl Future<Output = impl Debug>, on: &Executor) {
    println!("{what}:");
    let end = on.run(dinner);
    println!("  {end:?}");
}

// ANCHOR: program
fn main() {
    let executor = Executor::default();
    let well = nursery(executor.spawner(), async |nursery| {
        nursery.start(cook("Ann", 1));
        nursery.start(cook("Bob", 3));
        Ok::<_, String>("dinner")
    });
    show("it ends well", well, &executor);

    let fails = nursery(executor.spawner(), async |nursery| {
        nursery.start(cook("Ann", 1000));
        nursery.start(burns("Bob"));
        Ok("dinner")
    });
    show("a task fails", fails, &executor);

    let panics = nursery(executor.spawner(), async |nursery| {
        nursery.start(cook("Ann", 1000));
        nursery.start(async { panic!("the kitchen is on fire") });
        Ok::<_, String>("dinner")
    });
    show("a task panics", panics, &executor);
}
// ANCHOR_END: program
