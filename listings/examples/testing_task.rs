//! A future polled by hand, with what tokio-test brings.

use tokio::sync::mpsc::channel;
use tokio_test::{assert_pending, assert_ready_eq, task};

// ANCHOR: program
fn main() {
    let (sender, mut receiver) = channel(1);
    let mut recv = task::spawn(receiver.recv());
    assert_pending!(recv.poll());
    println!("woken before the send: {}", recv.is_woken());
    sender.try_send("hello").expect("there is a place");
    println!("woken after the send: {}", recv.is_woken());
    assert_ready_eq!(recv.poll(), Some("hello"));
    println!("the second poll is ready");
}
// ANCHOR_END: program
