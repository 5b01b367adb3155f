//! A session with an async `close`.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

// ANCHOR: session
/// A session with a server that wants to hear a goodbye.
struct Session {
    stream: DuplexStream,
    closed: bool,
}

impl Session {
    /// Says goodbye. Call it when you are done: `drop` cannot say it.
    async fn close(mut self) -> io::Result<()> {
        self.stream.write_all(b"goodbye").await?;
        self.closed = true;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.closed {
            println!("  a session was dropped without `close`");
        }
    }
}
// ANCHOR_END: session

// ANCHOR: main
#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    for closes in [true, false] {
        println!("closed: {closes}");
        let (stream, mut server) = duplex(64);
        let session = Session { stream, closed: false };
        if closes {
            session.close().await?;
        } else {
            drop(session);
        }
        let mut heard = String::new();
        server.read_to_string(&mut heard).await?;
        println!("  the server heard {heard:?}");
    }
    Ok(())
}
// ANCHOR_END: main
