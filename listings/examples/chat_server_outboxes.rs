//! A chat server with an outbox and a task for each client.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::io::{DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::timeout;

// ANCHOR: broadcast
type Outbox = mpsc::Sender<Arc<str>>;

/// Puts each line into each outbox, and waits for no client.
async fn broadcast(
    mut lines: mpsc::Receiver<String>,
    mut members: Vec<(&str, Outbox)>,
) {
    while let Some(line) = lines.recv().await {
        let line: Arc<str> = line.into();
        members.retain(|(name, outbox)| {
            let sent = outbox.try_send(line.clone()).is_ok();
            if !sent {
                println!("{name} is too slow for {line:?}");
            }
            sent
        });
        // The clients write what they have got before more comes.
        yield_now().await;
    }
}

/// The task of a client: writes what is in its outbox.
async fn deliver(
    mut outbox: mpsc::Receiver<Arc<str>>,
    mut client: DuplexStream,
) -> io::Result<()> {
    while let Some(line) = outbox.recv().await {
        client.write_all(line.as_bytes()).await?;
    }
    Ok(())
}
// ANCHOR_END: broadcast

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

// ANCHOR: join
/// A member whose client reads from the stream.
fn join(name: &'static str) -> ((&'static str, Outbox), DuplexStream) {
    let (client, server) = duplex(64);
    let (outbox, lines) = mpsc::channel(8);
    tokio::spawn(deliver(lines, server));
    ((name, outbox), client)
}
// ANCHOR_END: join

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), mpsc::error::SendError<String>> {
    // ANCHOR: main
    let (for_ann, ann) = join("Ann");
    let (for_bob, _bob) = join("Bob");
    let (for_cat, cat) = join("Cat");
    let (say, lines) = mpsc::channel(100);
    tokio::spawn(broadcast(lines, vec![for_ann, for_bob, for_cat]));
    for n in 1..=20 {
        say.send(format!("this is line {n:02}\n")).await?;
    }

    // Ann and Cat read. Bob does not.
    let (ann, cat) = tokio::join!(read(ann), read(cat));
    println!("of 20 lines, Ann has got {ann} and Cat {cat}");
    // ANCHOR_END: main
    Ok(())
}
