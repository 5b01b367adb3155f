//! The other side: it sends messages of five bytes, not always in one piece.

use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;
use tokio::task::yield_now;

// ANCHOR: peer
/// Sends `hello` and `world`. A tick comes when the first is half sent.
pub async fn peer(mut stream: DuplexStream, ticks: mpsc::Sender<()>) {
    stream.write_all(b"hel").await.expect("the loop reads");
    yield_now().await; // the loop has its turn
    ticks.send(()).await.expect("the loop listens");
    yield_now().await; // the loop has its turn
    stream.write_all(b"lo").await.expect("the loop reads");
    stream.write_all(b"world").await.expect("the loop reads");
}
// ANCHOR_END: peer

/// The bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The other side of a trial: it writes a piece of a message in each of the
/// first turns.
pub async fn pieces(stream: &mut DuplexStream, turn: usize) -> Option<()> {
    let piece = ["hel", "lo", "wor", "ld", "hel", "lo"].get(turn)?;
    stream.write_all(piece.as_bytes()).await.ok()?;
    None
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::task::{Context, Poll};

    use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf, duplex};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::Notify;

    use super::*;

    /// Runs the loop that the page begins with, biased or not.
    async fn runs(
        biased: bool,
        mut stream: impl AsyncRead + Unpin,
        mut ticks: mpsc::Receiver<()>,
    ) -> String {
        let mut log = String::new();
        loop {
            let mut message = [0; 5];
            let read = stream.read_exact(&mut message);
            let read = if biased {
                tokio::select! {
                    biased;
                    read = read => read,
                    Some(()) = ticks.recv() => {
                        log += "tick ";
                        continue;
                    }
                }
            } else {
                tokio::select! {
                    read = read => read,
                    Some(()) = ticks.recv() => {
                        log += "tick ";
                        continue;
                    }
                }
            };
            match read {
                Ok(_) => log += &(text(&message) + " "),
                Err(why) => return log + &why.to_string(),
            }
        }
    }

    #[tokio::test]
    async fn biased_loses_the_same_bytes() {
        for biased in [false, true] {
            let (stream, other) = duplex(64);
            let (sender, ticks) = mpsc::channel(1);
            drop(tokio::spawn(peer(other, sender)));
            let log = runs(biased, stream, ticks).await;
            assert_eq!(log, "tick lowor early eof");
        }
    }

    #[tokio::test]
    async fn a_loop_that_owns_its_buffer_gets_each_message() {
        let (mut stream, other) = duplex(64);
        let (sender, mut ticks) = mpsc::channel(1);
        drop(tokio::spawn(peer(other, sender)));
        let (mut buffer, mut log) = (Vec::new(), Vec::new());
        loop {
            tokio::select! {
                read = stream.read_buf(&mut buffer) => {
                    if read.expect("it works") == 0 {
                        break;
                    }
                    while let Some((&message, rest)) =
                        buffer.split_first_chunk::<5>()
                    {
                        log.push(text(&message));
                        buffer = rest.to_vec();
                    }
                }
                Some(()) = ticks.recv() => log.push("tick".to_string()),
            }
        }
        assert_eq!(log, ["tick", "hello", "world"]);
    }

    /// A socket that tells its peer when bytes were read from it.
    struct Told {
        socket: TcpStream,
        has_read: Arc<Notify>,
    }

    impl AsyncRead for Told {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            let before = buffer.filled().len();
            let poll = Pin::new(&mut self.socket).poll_read(cx, buffer);
            if buffer.filled().len() > before {
                self.has_read.notify_one();
            }
            poll
        }
    }

    #[tokio::test]
    async fn a_socket_loses_the_same_bytes() -> io::Result<()> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let mut other = TcpStream::connect(listener.local_addr()?).await?;
        let (socket, _) = listener.accept().await?;
        let has_read = Arc::new(Notify::new());
        let told = has_read.clone();
        let (sender, ticks) = mpsc::channel(1);
        let peer = tokio::spawn(async move {
            other.write_all(b"hel").await?;
            has_read.notified().await;
            sender.send(()).await.expect("the loop listens");
            // There is a place again when the loop has taken the tick.
            drop(sender.reserve().await);
            other.write_all(b"loworld").await
        });
        let stream = Told { socket, has_read: told };
        assert_eq!(runs(false, stream, ticks).await, "tick lowor early eof");
        peer.await.expect("it does not panic")
    }
}
