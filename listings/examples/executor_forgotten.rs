//! A task whose waker nobody keeps is dropped in the middle.

use std::future::pending;

use listings::runtimes::executor::naive::executor;

struct Pan;

impl Drop for Pan {
    fn drop(&mut self) {
        println!("the pan is put away");
    }
}

fn main() {
    let (executor, spawner) = executor(100);
    spawner.spawn(async {
        let _pan = Pan;
        println!("waiting for eggs");
        pending::<()>().await;
        println!("fried eggs");
    });
    drop(spawner);
    executor.run();
    println!("all tasks are gone");
}
