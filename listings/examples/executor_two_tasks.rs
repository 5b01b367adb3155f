//! One task waits for what another sends.

use listings::runtimes::executor::Executor;
use listings::runtimes::executor::kitchen::{ann, bob};
use listings::wakers::oneshot::closed::channel;

// ANCHOR: main
fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();
    let (sender, receiver) = channel();
    let ann = spawner.spawn(ann(receiver));
    let bob = spawner.spawn(bob(sender));
    println!("tasks left: {}", executor.run_until_stalled());
    println!("{:?} {:?}", executor.run(ann), executor.run(bob));
}
// ANCHOR_END: main
