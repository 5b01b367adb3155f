//! Three senders and one place. The second gives up when the place is its own.

use std::time::Duration;

use futures::join;

use listings::futures::combinators::once::poll_once;
use listings::proof::watchdog;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::channel::waiting::channel;

// ANCHOR: program
async fn run() -> Option<&'static str> {
    let (sender, mut receiver) = channel(1);
    sender.send("first").await;
    let (mut second, mut third) = (sender.send("second"), sender.send("third"));
    assert!(poll_once(&mut second).await.is_pending());
    assert!(poll_once(&mut third).await.is_pending());

    println!("{:?}", receiver.recv().await);
    drop(second);
    join!(third, receiver.recv()).1
}

fn main() {
    match watchdog(Duration::from_secs(1), || block_on(run())) {
        Ok(value) => println!("{value:?}"),
        Err(hung) => println!("{hung}"),
    }
}
// ANCHOR_END: program
