//! Two downloads, awaited one after the other and joined.

use std::pin::pin;
use std::task::{Context, Waker};

use listings::futures::combinators::join::join;
use listings::futures::poll::countdown::countdown;

async fn download(name: &str) {
    println!("  {name} asks");
    countdown(2).await;
    println!("  {name} has its answer");
}

/// Polls to the end and says how often that was.
fn run(what: &str, future: impl Future) {
    println!("{what}");
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    let mut polls = 1;
    while future.as_mut().poll(&mut cx).is_pending() {
        polls += 1;
    }
    println!("  {polls} polls");
}

fn main() {
    run("in turn", async {
        download("a").await;
        download("b").await;
    });
    let both = join(Box::pin(download("a")), Box::pin(download("b")));
    run("joined", both);
}
