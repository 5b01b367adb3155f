//! How often a waker is cloned by those who keep it.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use listings::futures::poll::manual::manual;
use listings::wakers::contract::every_waker::Gate;
use listings::wakers::oneshot::closed::channel;
use listings::wakers::raw_waker::by_hand::Bell;

// ANCHOR: program
fn thousand_polls<F: Future>(name: &str, future: F) {
    let bell = Arc::new(Bell::default());
    let waker = bell.clone().waker();
    let mut future = pin!(future);
    for _ in 0..1000 {
        let mut cx = Context::from_waker(&waker);
        assert!(future.as_mut().poll(&mut cx).is_pending());
    }
    println!("{name}: {} clones", bell.clones());
}

fn main() {
    let (old, new) = (Arc::new(Bell::default()), Arc::new(Bell::default()));
    let mut kept: Waker = old.clone().waker();
    println!("will_wake: {}", kept.will_wake(&old.clone().waker()));
    kept.clone_from(&old.clone().waker());
    println!("the same task, clones: {}", old.clones());
    kept.clone_from(&new.clone().waker());
    println!("another task, clones: {}", new.clones());
    println!("handles to the old one: {}", Arc::strong_count(&old));

    let (future, _completer) = manual::<u32>();
    thousand_polls("Manual", future);
    let (_sender, receiver) = channel::<u32>();
    thousand_polls("our oneshot", receiver);
    let (_sender, receiver) = tokio::sync::oneshot::channel::<u32>();
    thousand_polls("Tokio's oneshot", receiver);
    thousand_polls("the gate that keeps all", Gate::default().wait());
}
// ANCHOR_END: program
