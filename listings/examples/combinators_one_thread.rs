//! Two computations that wait for each other, joined on one thread.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use listings::futures::combinators::join::join;
use listings::proof::watchdog;

async fn name_of_thread() -> Option<String> {
    thread::current().name().map(String::from)
}

async fn meet(barrier: Arc<Barrier>) {
    // Goes on when two threads are here at the same time.
    barrier.wait();
}

fn main() {
    let names = join(Box::pin(name_of_thread()), Box::pin(name_of_thread()));
    println!("{:?}", pollster::block_on(names));

    let met = watchdog(Duration::from_millis(500), || {
        let barrier = Arc::new(Barrier::new(2));
        let both =
            join(Box::pin(meet(barrier.clone())), Box::pin(meet(barrier)));
        pollster::block_on(both);
    });
    match met {
        Ok(()) => println!("they met"),
        Err(hung) => println!("they never met: {hung}"),
    }
}
