//! Streams as people write them: a macro, a channel, and adapters.

use std::pin::pin;

use async_stream::stream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt, iter};

// ANCHOR: program
/// Pages, until one is empty.
fn pages() -> impl Stream<Item = String> {
    stream! {
        for number in 1.. {
            let page = load(number).await;
            if page.is_empty() {
                break;
            }
            yield page;
        }
    }
}

async fn load(number: u32) -> String {
    println!("loads page {number}");
    tokio::task::yield_now().await;
    ["one", "two"].get(number as usize - 1).copied().unwrap_or("").to_string()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut pages = pin!(pages());
    while let Some(page) = pages.next().await {
        println!("has page {page}");
    }

    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        for n in 1..=4 {
            if sender.send(n).await.is_err() {
                return;
            }
        }
    });
    let tens = ReceiverStream::new(receiver).map(|n| n * 10);
    let mut all: Vec<u32> = tens.merge(iter([7])).collect().await;
    all.sort_unstable();
    println!("{all:?}");
}
// ANCHOR_END: program
