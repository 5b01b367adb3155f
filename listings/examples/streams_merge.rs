//! Messages and ticks, in one loop.

use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::streams::merge::merge;
use listings::runtimes::streams::stream::next;
use listings::wakers::channel::bounded::channel;

async fn server() {
    let (clients, messages) = channel(1);
    let (clock, ticks) = channel(1);
    let talk = async move {
        for word in ["hello", "world"] {
            clients.send(word).await.expect("the server listens");
        }
    };
    let tick = async move {
        for _ in 0..2 {
            yield_now().await;
            clock.send("tick").await.expect("the server listens");
        }
    };
    let listen = async move {
        let mut both = merge(messages, ticks);
        while let Some(word) = next(&mut both).await {
            println!("{word}");
        }
        println!("both have ended");
    };
    futures::join!(talk, tick, listen);
}

fn main() {
    pollster::block_on(server());
}
