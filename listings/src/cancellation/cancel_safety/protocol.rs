//! The other side: it sends messages of five bytes, not always in one piece.

use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;
use tokio::task::yield_now;

// ANCHOR: peer
/// Sends two messages. There is a tick when the first is half sent.
pub async fn peer(mut stream: DuplexStream, ticks: mpsc::Sender<()>) {
    for piece in ["hel", "tick", "lo", "world"] {
        if piece == "tick" {
            ticks.send(()).await.expect("the loop listens");
        } else {
            let written = stream.write_all(piece.as_bytes()).await;
            written.expect("the loop reads");
        }
        // The loop on the other side has its turn.
        yield_now().await;
    }
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
    use super::*;
    use tokio::io::{AsyncReadExt, duplex};

    /// Runs the loop that the page begins with, biased or not.
    async fn runs(biased: bool) -> String {
        let (mut stream, other) = duplex(64);
        let (sender, mut ticks) = mpsc::channel(1);
        drop(tokio::spawn(peer(other, sender)));
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
            assert_eq!(runs(biased).await, "tick lowor early eof");
        }
    }
}
