//! Ann waits on the pool, so Bob has a turn on the executor's thread.

use std::panic::resume_unwind;
use std::sync::mpsc;

use listings::runtimes::blocking::Pool;
use listings::runtimes::executor::Executor;

// ANCHOR: program
fn main() {
    let executor = Executor::default();
    let (sender, receiver) = mpsc::channel();
    let ann = executor.spawner().spawn(async move {
        let pool = Pool::new(1);
        let word = pool.spawn_blocking(move || receiver.recv()).await;
        println!("Ann heard {word:?}");
        let pan = pool.spawn_blocking(|| -> u32 {
            resume_unwind(Box::new("Ann drops the pan"))
        });
        println!("then {:?}", pan.await);
        println!("then {:?}", pool.spawn_blocking(|| 6 * 7).await);
    });
    let bob = executor.spawner().spawn(async move {
        println!("Bob calls");
        sender.send("hello")
    });
    println!("{:?}, {:?}", executor.run(bob), executor.run(ann));
}
// ANCHOR_END: program
