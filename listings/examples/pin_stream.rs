//! A stream is pinned once, before its items are asked for.

use std::pin::pin;

use futures::stream::unfold;
use futures::{Stream, StreamExt};
use listings::futures::poll::countdown::countdown;

async fn print(numbers: impl Stream<Item = u32>) {
    let mut numbers = pin!(numbers);
    while let Some(n) = numbers.next().await {
        println!("{n}");
    }
}

fn main() {
    let numbers = unfold(1, |n| async move {
        countdown(n).await;
        (n <= 3).then_some((n, n + 1))
    });
    pollster::block_on(print(numbers));
}
