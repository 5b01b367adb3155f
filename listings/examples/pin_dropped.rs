//! Pins a future, polls it, and tries to be done with it.

use std::pin::pin;
use std::task::{Context, Waker};

use listings::pinning::pin::permit::{Permit, keep};

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = pin!(keep(Permit("the permit")));
    println!("first poll: {:?}", future.as_mut().poll(&mut cx));

    println!("drop(future)");
    #[expect(clippy::drop_non_drop)]
    drop(future);

    println!("the end of main");
}
