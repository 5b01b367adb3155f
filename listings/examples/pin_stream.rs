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

async fn sum(numbers: impl Stream<Item = u32>) -> u32 {
    let numbers: Vec<u32> = numbers.collect().await;
    numbers.iter().sum()
}

fn up_to_three() -> impl Stream<Item = u32> {
    unfold(1, |n| async move {
        countdown(n).await;
        (n <= 3).then_some((n, n + 1))
    })
}

fn main() {
    pollster::block_on(print(up_to_three()));
    println!("sum: {}", pollster::block_on(sum(up_to_three())));
    // In a box it may be stored, and returned from a function.
    let mut boxed = up_to_three().boxed();
    println!("first: {:?}", pollster::block_on(boxed.next()));
}
