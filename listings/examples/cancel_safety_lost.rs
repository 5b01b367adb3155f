//! A `select!` in a loop that loses three bytes.

use listings::cancellation::cancel_safety::protocol::{peer, text};
use tokio::io::{AsyncReadExt, duplex};
use tokio::sync::mpsc;

// ANCHOR: program
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (mut stream, other_end) = duplex(64);
    let (sender, mut ticks) = mpsc::channel(1);
    drop(tokio::spawn(peer(other_end, sender)));
    loop {
        let mut message = [0; 5];
        tokio::select! {
            read = stream.read_exact(&mut message) => match read {
                Ok(_) => println!("message: {}", text(&message)),
                Err(why) => break println!("the end: {why}"),
            },
            Some(()) = ticks.recv() => println!("tick"),
        }
    }
}
// ANCHOR_END: program
