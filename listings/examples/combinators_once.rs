//! Asks a future once, from sync and from async code.

use futures::FutureExt;
use listings::futures::combinators::once::{poll_now, poll_once};
use listings::futures::poll::countdown::countdown;

fn main() {
    println!("sync: {:?}", poll_now(countdown(1)));
    println!("now_or_never: {:?}", countdown(1).now_or_never());

    pollster::block_on(async {
        let mut future = countdown(2);
        println!("async: {:?}", poll_once(&mut future).await);
        println!("poll!: {:?}", futures::poll!(&mut future));
        println!("await: {}", future.await);
    });
}
