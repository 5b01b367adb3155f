//! What runs of the tasks when the runtime is dropped.

use std::future::pending;

use tokio::task::yield_now;

// ANCHOR: program
struct Loud(&'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("{}: dropped", self.0);
    }
}

async fn waits() {
    let _loud = Loud("a task at an await");
    pending::<()>().await;
    println!("never printed");
}

/// Spawns a task in its destructor.
struct Spawns;

impl Drop for Spawns {
    fn drop(&mut self) {
        let loud = Loud("a task spawned by a destructor");
        drop(tokio::spawn(async move {
            let _loud = loud;
            println!("never printed");
        }));
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    drop(tokio::spawn(waits()));
    drop(tokio::spawn(async {
        let _spawns = Spawns;
        pending::<()>().await;
    }));
    yield_now().await; // the tasks have their turn
    println!("main returns");
}
// ANCHOR_END: program
