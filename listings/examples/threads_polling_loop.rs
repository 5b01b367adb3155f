//! A task of Tokio that asks for its child again and again, without an
//! `.await`.

use futures::FutureExt;

// ANCHOR: program
async fn asks(polls: u32, yields: bool) -> Option<u32> {
    let mut child = tokio::spawn(async { 42 });
    for _ in 0..polls {
        if let Some(end) = (&mut child).now_or_never() {
            return end.ok();
        }
        if yields {
            tokio::task::yield_now().await;
        }
    }
    None
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() {
    for yields in [false, true] {
        let asks = tokio::spawn(asks(1_000_000, yields));
        let end = asks.await.expect("it does not panic");
        println!("yields: {yields}, the child gave: {end:?}");
    }
}
// ANCHOR_END: program
