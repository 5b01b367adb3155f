//! A dropped handle does not stop its task, and `abort` does.

use std::future::pending;

use tokio::sync::oneshot;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, receiver) = oneshot::channel();
    let task = tokio::spawn(async {
        println!("first: runs");
        let _ = sender.send("the first is done");
    });
    println!("main: drops the handle of the first");
    drop(task);
    println!("main: {:?}", receiver.await);

    let (sender, receiver) = oneshot::channel();
    let task = tokio::spawn(async {
        println!("second: starts");
        let _ = sender.send("the second has started");
        pending::<()>().await;
    });
    println!("main: {:?}", receiver.await);
    task.abort();
    let outcome = task.await;
    let cancelled = outcome.is_err_and(|why| why.is_cancelled());
    println!("main: cancelled: {cancelled}");
}
