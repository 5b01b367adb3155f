//! A session that is owned by a task. The handles only send.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;

// ANCHOR: owner
/// Owns the stream. When all handles are dropped, `recv` gives `None`, and
/// then the task says goodbye.
async fn owner(
    mut stream: DuplexStream,
    mut lines: mpsc::Receiver<&'static str>,
) -> io::Result<()> {
    while let Some(line) = lines.recv().await {
        stream.write_all(line.as_bytes()).await?;
    }
    stream.write_all(b"goodbye").await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let (stream, mut server) = duplex(64);
    let (session, lines) = mpsc::channel(4);
    let owner = tokio::spawn(owner(stream, lines));

    session.send("hello, ").await.expect("the owner listens");
    drop(session);
    owner.await.expect("it does not panic")?;

    let mut heard = String::new();
    server.read_to_string(&mut heard).await?;
    println!("the server heard {heard:?}");
    Ok(())
}
// ANCHOR_END: owner
