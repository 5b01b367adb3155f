//! Two threads, each with an executor of its own. Tasks stay where they were
//! spawned, and need not be `Send`.

use std::cell::Cell;
use std::rc::Rc;
use std::thread;

use listings::runtimes::executor::Executor;
use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::channel::unbounded::channel;

// ANCHOR: program
fn main() {
    let kitchens = ["north", "south"].map(|name| {
        let (orders, mut incoming) = channel::<u32>();
        // The closure goes to the other thread, and no future does.
        let kitchen = thread::spawn(move || {
            let executor = Executor::default();
            let (spawner, served) = (executor.spawner(), Rc::new(Cell::new(0)));
            executor.run(async {
                let mut cooks = Vec::new();
                while let Some(eggs) = incoming.recv().await {
                    let served = served.clone();
                    cooks.push(spawner.spawn(async move {
                        yield_now().await;
                        served.set(served.get() + eggs);
                    }));
                }
                for cook in cooks {
                    cook.await.expect("no cook panics");
                }
            });
            format!("{name} fried {} eggs", served.get())
        });
        (orders, kitchen)
    });
    for order in 1..=6 {
        let (orders, _) = &kitchens[order as usize % 2];
        orders.send(order).expect("the kitchen is open");
    }
    for (orders, kitchen) in kitchens {
        drop(orders);
        println!("{}", kitchen.join().expect("it does not panic"));
    }
}
// ANCHOR_END: program
