//! Another thread adds tasks: it sends what they need, and a task adds them.

use std::thread;

use listings::runtimes::executor::spawner::Executor;
use listings::wakers::channel::unbounded::channel;

fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();
    let (sender, mut orders) = channel();
    let waiter = thread::spawn(move || {
        for order in ["eggs", "toast"] {
            sender.send(order).expect("the kitchen is open");
        }
    });
    executor.run(async {
        while let Some(order) = orders.recv().await {
            spawner.add(async move { println!("{order}: served") });
        }
    });
    println!("tasks left: {}", executor.run_until_stalled());
    waiter.join().expect("it only sends");
}
