//! The third repair: a task of its own reads, and sends what it has read.

use listings::cancellation::cancel_safety::protocol::{peer, text};
use tokio::io::{AsyncReadExt, DuplexStream, duplex};
use tokio::sync::mpsc;

// ANCHOR: program
/// No `select!` drops this future at an `.await`: it is a task.
async fn reader(mut stream: DuplexStream, messages: mpsc::Sender<[u8; 5]>) {
    let mut message = [0; 5];
    while stream.read_exact(&mut message).await.is_ok() {
        if messages.send(message).await.is_err() {
            return; // nobody wants them any more
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (stream, other_end) = duplex(64);
    let (sender, mut ticks) = mpsc::channel(1);
    drop(tokio::spawn(peer(other_end, sender)));
    let (sender, mut messages) = mpsc::channel(4);
    drop(tokio::spawn(reader(stream, sender)));
    loop {
        tokio::select! {
            message = messages.recv() => match message {
                Some(message) => println!("message: {}", text(&message)),
                None => break println!("the end"),
            },
            Some(()) = ticks.recv() => println!("tick"),
        }
    }
}
// ANCHOR_END: program
