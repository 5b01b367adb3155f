//! How often a waker is cloned by those who keep it.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use listings::wakers::raw_waker::by_hand::Bell;
use tokio::sync::oneshot;

// ANCHOR: program
fn main() {
    let (old, new) = (Arc::new(Bell::default()), Arc::new(Bell::default()));
    let mut kept: Waker = old.clone().waker();
    println!("will_wake: {}", kept.will_wake(&old.clone().waker()));
    for _ in 0..1000 {
        kept.clone_from(&old.clone().waker());
    }
    println!("clone_from, the same task: {} clones", old.clones());
    for _ in 0..1000 {
        kept.clone_from(&new.clone().waker());
    }
    println!("clone_from, another task: {} clone", new.clones());
    println!("handles to the old one: {}", Arc::strong_count(&old));

    let (_sender, receiver) = oneshot::channel::<u32>();
    let mut receiver = pin!(receiver);
    let (bell, waker) = (old.clone(), old.waker());
    let mut cx = Context::from_waker(&waker);
    for _ in 0..1000 {
        assert!(receiver.as_mut().poll(&mut cx).is_pending());
    }
    println!("1000 polls of Tokio's oneshot: {} clone", bell.clones());
}
// ANCHOR_END: program
