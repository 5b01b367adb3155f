//! The second repair: what was read is kept in `self`.

use listings::cancellation::cancel_safety::messages::Messages;
use listings::cancellation::cancel_safety::protocol::{peer, text};
use tokio::io::duplex;
use tokio::sync::mpsc;

// ANCHOR: program
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (stream, other_end) = duplex(64);
    let (sender, mut ticks) = mpsc::channel(1);
    drop(tokio::spawn(peer(other_end, sender)));
    let mut messages = Messages::new(stream);
    loop {
        tokio::select! {
            message = messages.next() => match message {
                Ok(message) => println!("message: {}", text(&message)),
                Err(why) => break println!("the end: {why}"),
            },
            Some(()) = ticks.recv() => println!("tick"),
        }
    }
}
// ANCHOR_END: program
