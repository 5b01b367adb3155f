//! A future around a future, and one closure that watches both.

use std::pin::Pin;

use listings::futures::poll::countdown::countdown;
use listings::futures::poll::map::map;
use listings::futures::poll::poll_fn::poll_fn;

fn main() {
    let mut letters = map(countdown(2), str::len);
    let watched = poll_fn(|cx| {
        let answer = Pin::new(&mut letters).poll(cx);
        println!("polled: {answer:?}");
        answer
    });
    println!("block_on: {}", pollster::block_on(watched));
}
