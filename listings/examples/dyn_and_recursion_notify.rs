//! One notification and two who wait. The one that was told is dropped: as a
//! pinned reference, and as a box.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio::sync::Notify;

fn say(future: &str, answer: Poll<()>) {
    println!("  {future} is {answer:?}");
}

fn main() {
    let mut cx = Context::from_waker(Waker::noop());

    println!("pin!");
    let notify = Notify::new();
    let mut first = pin!(notify.notified());
    let mut second = pin!(notify.notified());
    assert!(first.as_mut().poll(&mut cx).is_pending());
    assert!(second.as_mut().poll(&mut cx).is_pending());
    notify.notify_one();
    #[expect(clippy::drop_non_drop)]
    drop(first);
    say("the second", second.as_mut().poll(&mut cx));

    println!("Box::pin");
    let notify = Notify::new();
    let mut first = Box::pin(notify.notified());
    let mut second = pin!(notify.notified());
    assert!(first.as_mut().poll(&mut cx).is_pending());
    assert!(second.as_mut().poll(&mut cx).is_pending());
    notify.notify_one();
    drop(first);
    say("the second", second.as_mut().poll(&mut cx));

    println!("an Option that is set to None");
    let notify = Notify::new();
    let mut first = pin!(Some(notify.notified()));
    let mut second = pin!(notify.notified());
    let future = first.as_mut().as_pin_mut();
    assert!(future.is_some_and(|f| f.poll(&mut cx).is_pending()));
    assert!(second.as_mut().poll(&mut cx).is_pending());
    notify.notify_one();
    first.set(None);
    say("the second", second.as_mut().poll(&mut cx));
}
