//! Sizes in bytes: a child, the same child in a timeout, and its `JoinHandle`.

use std::time::Duration;

use listings::futures::state_machines::held::used_after;
use tokio::time::{Timeout, sleep, timeout};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("the child {}", size_of_val(&used_after()));

    let limit = Duration::from_secs(1);
    println!("sleep {}", size_of_val(&sleep(limit)));
    let limited: Timeout<_> = timeout(limit, used_after());
    println!("timeout {}", size_of_val(&limited));

    let task = tokio::spawn(used_after());
    println!("JoinHandle {}", size_of_val(&task));
    println!("{:?} and {:?}", limited.await, task.await.ok());
}
