//! A callback that is lent a piece of a buffer, in each of its forms.

use listings::futures::poll::countdown::countdown;
use listings::pinning::async_closures::boxed::{Callback, each};
use listings::pinning::async_closures::each::in_pairs;

async fn shout(bytes: &mut [u8]) {
    countdown(1).await;
    bytes.make_ascii_uppercase();
}

fn main() {
    let mut bytes = *b"abcd";
    pollster::block_on(in_pairs(&mut bytes, shout));
    println!("an async fn: {}", bytes.escape_ascii());

    let mut bytes = *b"abcd";
    pollster::block_on(in_pairs(&mut bytes, async |pair| {
        countdown(1).await;
        pair.reverse();
    }));
    println!("an async closure: {}", bytes.escape_ascii());

    let mut bytes = *b"abcd";
    let callback: Callback = Box::new(|bytes| Box::pin(shout(bytes)));
    pollster::block_on(each(vec![callback], &mut bytes));
    println!("a boxed future: {}", bytes.escape_ascii());
}
