//! Polls a checkout after it was ready, and one after it panicked.

use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};

use listings::futures::state_machines::shop::Shop;
use listings::futures::state_machines::{async_fn, by_hand};
use listings::proof::Trace;

/// Polls four times, and prints each answer or panic.
fn poll_on(name: &str, future: impl Future) {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    println!("{name}");
    for n in 1..=4 {
        let poll = || future.as_mut().poll(&mut cx).is_ready();
        match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(ready) => println!("  poll {n}: ready: {ready}"),
            Err(why) => {
                let text = why.downcast_ref::<&str>().unwrap_or(&"?");
                println!("  poll {n}: {text}");
            }
        }
    }
}

fn main() {
    // The panics are printed below, and nowhere else.
    panic::set_hook(Box::new(|_| ()));
    let shop = Shop::new(&Trace::new("A shop", "It has two servers."));
    poll_on("an async fn", async_fn::checkout(&shop, 7));
    poll_on("by hand", by_hand::checkout(&shop, 7));
    poll_on("an async fn, empty cart", async_fn::checkout(&shop, 0));
    poll_on("by hand, empty cart", by_hand::checkout(&shop, 0));
}
