//! A chat server that writes to its clients in turn, and a client that does
//! not read.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::io::{DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::time::timeout;

// ANCHOR: broadcast
/// Gives each line to each client in turn.
async fn broadcast(
    mut lines: mpsc::Receiver<String>,
    mut clients: [DuplexStream; 3],
) -> io::Result<()> {
    while let Some(line) = lines.recv().await {
        for client in &mut clients {
            client.write_all(line.as_bytes()).await?;
        }
    }
    Ok(())
}
// ANCHOR_END: broadcast

// ANCHOR: main
/// Reads until no line has come for an hour, and counts the lines.
async fn read(client: DuplexStream) -> u32 {
    let hour = Duration::from_secs(60 * 60);
    let mut lines = BufReader::new(client).lines();
    let mut count = 0;
    while let Ok(Ok(Some(_))) = timeout(hour, lines.next_line()).await {
        count += 1;
    }
    count
}

// Tokio's clock is paused: when all tasks wait, it jumps to the next timer.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), mpsc::error::SendError<String>> {
    // Connections in memory. Each holds 64 bytes that are not read yet.
    let (ann, for_ann) = duplex(64);
    let (_bob, for_bob) = duplex(64);
    let (cat, for_cat) = duplex(64);
    let (say, lines) = mpsc::channel(100);
    tokio::spawn(broadcast(lines, [for_ann, for_bob, for_cat]));
    for n in 1..=20 {
        say.send(format!("this is line {n:02}\n")).await?;
    }

    // Ann and Cat read. Bob does not.
    let (ann, cat) = tokio::join!(read(ann), read(cat));
    println!("of 20 lines, Ann has got {ann} and Cat {cat}");
    Ok(())
}
// ANCHOR_END: main
