//! The program of the simple executor, on the fast one.

use listings::runtimes::executor::kitchen::{ann, bob};
use listings::runtimes::fast_executor::slots::Executor;
use listings::wakers::oneshot::closed::channel;

fn main() {
    let executor = Executor::new();
    let (sender, receiver) = channel();
    let ann = executor.spawn(ann(receiver));
    let bob = executor.spawn(bob(sender));
    println!("tasks left: {}", executor.run_until_stalled());
    println!("{:?} {:?}", executor.run(ann), executor.run(bob));
}
