//! The first repair: the future that reads stays outside of the loop.

use std::io;
use std::pin::pin;

use listings::cancellation::cancel_safety::protocol::{peer, text};
use tokio::io::{AsyncReadExt, DuplexStream, duplex};
use tokio::sync::mpsc;

// ANCHOR: program
/// Owns the stream while it reads, and gives it back.
async fn read(mut stream: DuplexStream) -> io::Result<(DuplexStream, [u8; 5])> {
    let mut message = [0; 5];
    stream.read_exact(&mut message).await?;
    Ok((stream, message))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (stream, other_end) = duplex(64);
    let (sender, mut ticks) = mpsc::channel(1);
    drop(tokio::spawn(peer(other_end, sender)));
    let mut reading = pin!(read(stream));
    loop {
        tokio::select! {
            end = &mut reading => match end {
                Ok((stream, message)) => {
                    println!("message: {}", text(&message));
                    reading.set(read(stream));
                }
                Err(why) => break println!("the end: {why}"),
            },
            Some(()) = ticks.recv() => println!("tick"),
        }
    }
}
// ANCHOR_END: program
