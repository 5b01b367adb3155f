//! A loop over a receiver that never ends, and how to end it.

use std::time::Duration;

use listings::proof::watchdog;
use tokio::sync::mpsc;

// ANCHOR: program
async fn count(let_go: bool) -> u32 {
    let (sender, mut receiver) = mpsc::channel(4);
    for n in 0..2 {
        let sender = sender.clone();
        tokio::spawn(async move { sender.send(n).await });
    }
    if let_go {
        drop(sender);
    }
    let mut received = 0;
    while receiver.recv().await.is_some() {
        received += 1;
    }
    received
}
// ANCHOR_END: program

fn main() {
    for let_go in [false, true] {
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.build().expect("it starts");
            runtime.block_on(count(let_go))
        };
        match watchdog(Duration::from_secs(1), run) {
            Ok(received) => println!("let go: {let_go}: {received} received"),
            Err(hung) => println!("let go: {let_go}: {hung}"),
        }
    }
}
