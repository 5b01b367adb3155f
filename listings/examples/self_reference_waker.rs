//! Moves a future between two polls: its wake arrives all the same.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Wake, Waker};

use listings::futures::poll::manual::manual;
use listings::pinning::self_reference::place::place_of;

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Relaxed);
    }
}

fn main() {
    let woken = Arc::new(Woken(AtomicBool::new(false)));
    let waker = Waker::from(woken.clone());
    let mut cx = Context::from_waker(&waker);

    let (mut future, completer) = manual();
    println!("first poll: {:?}", Pin::new(&mut future).poll(&mut cx));
    let was = place_of(&future);

    let mut boxed = Box::new(future);
    println!("the future moved: {}", place_of(&*boxed) != was);

    completer.complete("a value");
    println!("woken: {}", woken.0.load(Relaxed));
    println!("second poll: {:?}", Pin::new(&mut *boxed).poll(&mut cx));
}
