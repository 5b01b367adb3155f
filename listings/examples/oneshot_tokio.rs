//! Tokio's oneshot: what ours does, and what ours does not.

use tokio::sync::oneshot;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, receiver) = oneshot::channel();
    println!("{:?}", sender.send(7));
    println!("{:?}", receiver.await);

    let (sender, receiver) = oneshot::channel::<u32>();
    drop(sender);
    println!("{:?}", receiver.await);

    // The sender can wait until nobody wants the value any more.
    let (mut sender, receiver) = oneshot::channel::<u32>();
    tokio::join!(sender.closed(), async { drop(receiver) });
    println!("{:?}", sender.send(7));

    // The receiver can look without waiting. After it has closed the channel,
    // it can still take a value that was sent before.
    let (sender, mut receiver) = oneshot::channel();
    println!("{:?}", receiver.try_recv());
    assert!(sender.send(7).is_ok());
    receiver.close();
    println!("{:?}", receiver.try_recv());
}
