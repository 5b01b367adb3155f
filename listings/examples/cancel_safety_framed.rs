//! A codec keeps the bytes of a frame that is not complete yet.

use futures::{SinkExt, StreamExt};
use tokio::io::{AsyncWriteExt, duplex};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio_util::codec::{FramedRead, FramedWrite, LinesCodec};

// ANCHOR: program
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (stream, mut other_end) = duplex(64);
    let (sender, mut ticks) = mpsc::channel(1);
    drop(tokio::spawn(async move {
        other_end.write_all(b"hel").await.expect("the loop reads");
        yield_now().await;
        sender.send(()).await.expect("the loop listens");
        yield_now().await;
        let mut lines = FramedWrite::new(other_end, LinesCodec::new());
        lines.send("lo").await.expect("the loop reads");
        lines.send("world").await.expect("the loop reads");
    }));
    let mut lines = FramedRead::new(stream, LinesCodec::new());
    loop {
        tokio::select! {
            line = lines.next() => match line {
                Some(Ok(line)) => println!("line: {line}"),
                Some(Err(why)) => break println!("no line: {why}"),
                None => break println!("the end"),
            },
            Some(()) = ticks.recv() => println!("tick"),
        }
    }
}
// ANCHOR_END: program
