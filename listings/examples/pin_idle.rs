//! Hangs up after two seconds without a message.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

const IDLE: Duration = Duration::from_secs(2);

async fn caller(line: mpsc::Sender<&'static str>) {
    for word in ["hello", "are you there", "good night"] {
        sleep(Duration::from_millis(1_500)).await;
        if line.send(word).await.is_err() {
            return;
        }
    }
    // The line stays open, and nothing more is said.
    line.closed().await;
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let (line, mut words) = mpsc::channel(1);
    tokio::spawn(caller(line));

    let idle = sleep(IDLE);
    tokio::pin!(idle);
    loop {
        tokio::select! {
            Some(word) = words.recv() => {
                println!("{word}");
                idle.as_mut().reset(Instant::now() + IDLE);
            }
            () = &mut idle => break,
        }
    }
    println!("hung up after {} ms", start.elapsed().as_millis());
}
