//! A task is woken more often than the queue has room.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use listings::runtimes::executor::naive::executor;

fn main() {
    let (executor, spawner) = executor(2);
    spawner.spawn(poll_fn(|cx| {
        for wake in 1..=3 {
            println!("wake {wake}");
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }));
    let run = catch_unwind(AssertUnwindSafe(|| executor.run()));
    if let Err(panic) = run {
        println!("a panic inside wake: {:?}", panic.downcast_ref::<String>());
    }
}
