//! Two computations that wait for each other, as two tasks on two threads.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use listings::proof::watchdog;
use tokio::runtime::Builder;

async fn meet(barrier: Arc<Barrier>) {
    // Goes on when two threads are here at the same time.
    barrier.wait();
}

fn main() {
    let met = watchdog(Duration::from_secs(30), || {
        let mut builder = Builder::new_multi_thread();
        // A third thread, in case one takes both tasks while another sleeps.
        let runtime = builder.worker_threads(3).build()?;
        let barrier = Arc::new(Barrier::new(2));
        let a = runtime.spawn(meet(barrier.clone()));
        let b = runtime.spawn(meet(barrier));
        runtime.block_on(async { tokio::try_join!(a, b) })?;
        Ok::<_, std::io::Error>(())
    });
    println!("{met:?}");
}
