//! What the futures of this chapter, and two of std's, do when they are
//! polled after `Ready`.

use std::any::Any;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use listings::futures::poll::countdown::countdown;
use listings::futures::poll::manual::manual;
use listings::futures::poll::map::map;
use listings::futures::poll::ready::ready;

fn twice<T: Debug>(name: &str, mut future: Pin<&mut dyn Future<Output = T>>) {
    let mut cx = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut cx).is_ready());
    let again = || -> Poll<T> { future.as_mut().poll(&mut cx) };
    match catch_unwind(AssertUnwindSafe(again)) {
        Ok(answer) => println!("{name}: {answer:?}"),
        Err(panic) => println!("{name}: panics, {}", text(&*panic)),
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref().copied().unwrap_or("without a text"),
    }
}

// ANCHOR: main
fn main() {
    set_hook(Box::new(|_| {}));
    let (future, completer) = manual();
    completer.complete(7);

    twice("countdown", pin!(countdown(0)));
    twice("ready", pin!(ready(7)));
    twice("manual", pin!(future));
    twice("map", pin!(map(countdown(0), str::len)));
    twice("std::future::ready", pin!(std::future::ready(7)));
    twice("an async block", pin!(async { 7 }));
}
// ANCHOR_END: main
