//! An executor is shut down while it has three tasks.

use std::future::pending;

use listings::futures::poll::countdown::countdown;
use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::scheduling::arrival::Arrival;
use listings::runtimes::scheduling::executor::Executor;
use listings::wakers::block_on::flag::block_on;

// ANCHOR: program
struct Says(&'static str);

impl Drop for Says {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

fn main() {
    let executor = Executor::<Arrival>::default();
    let spawner = executor.spawner();
    let upload = spawner.spawn(async {
        for part in 1..=3 {
            println!("upload: part {part} of 3");
            yield_now().await;
        }
        "uploaded"
    });
    let listener = spawner.spawn(async {
        let _socket = Says("listener: its socket is closed");
        pending::<()>().await
    });
    let late = executor.spawner();
    let asks = spawner.spawn(async move {
        late.spawn(async { println!("this is never printed") }).await
    });
    println!("shutdown");
    // A deadline after ten polls. In a program it is a sleep.
    let deadline = async {
        countdown(10).await;
    };
    println!("dropped at the deadline: {}", executor.shutdown(deadline));
    println!("upload: {:?}", block_on(upload));
    println!("listener: {:?}", block_on(listener));
    println!("new task: {:?}", block_on(asks));
}
// ANCHOR_END: program
