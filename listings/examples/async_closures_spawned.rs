//! The forms of a callback whose future may be spawned.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use listings::futures::poll::countdown::countdown;
use listings::pinning::async_closures::boxed::{Callback, each};
use listings::pinning::async_closures::owned::spawn_each;

static LETTERS: AtomicUsize = AtomicUsize::new(0);

#[tokio::main]
async fn main() {
    let names = ["Ada", "Grace"].map(String::from).to_vec();
    spawn_each(names, async |name| {
        countdown(1).await;
        LETTERS.fetch_add(name.len(), Relaxed);
    })
    .await;
    println!("with owned names: {} letters", LETTERS.load(Relaxed));

    let reverse: Callback = Box::new(|bytes| {
        Box::pin(async move {
            countdown(1).await;
            bytes.reverse();
        })
    });
    let task = tokio::spawn(async {
        let mut bytes = *b"abcd";
        each(vec![reverse], &mut bytes).await;
        bytes
    });
    let bytes = task.await.expect("no callback panics");
    println!("with a boxed future: {}", bytes.escape_ascii());
}
