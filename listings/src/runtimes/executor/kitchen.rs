//! Two tasks that meet in the middle: one waits for what the other sends.

use crate::wakers::oneshot::closed::{Receiver, Sender};

// ANCHOR: tasks
/// Waits for eggs, and fries them.
pub async fn ann(eggs: Receiver<u32>) {
    println!("Ann waits for eggs");
    if let Ok(eggs) = eggs.await {
        println!("Ann fries {eggs} eggs");
    }
}

/// Brings eggs.
pub async fn bob(to_ann: Sender<u32>) {
    println!("Bob brings eggs");
    // An error means that Ann has gone home.
    let _ = to_ann.send(6);
    println!("Bob is done");
}
// ANCHOR_END: tasks

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtimes::executor::Executor;
    use crate::wakers::oneshot::closed::channel;

    #[test]
    fn ann_and_bob_both_end() {
        let executor = Executor::default();
        let (sender, receiver) = channel();
        drop(executor.spawner().spawn(ann(receiver)));
        drop(executor.spawner().spawn(bob(sender)));
        assert_eq!(executor.run_until_stalled(), 0);
    }
}
