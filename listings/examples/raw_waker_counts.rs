//! What each of the four functions does to the count.

use std::sync::Arc;

use listings::wakers::raw_waker::by_hand::Bell;

fn main() {
    let bell = Arc::new(Bell::default());
    let say = |what: &str| {
        let handles = Arc::strong_count(&bell);
        println!("{what:<12} handles {handles}, rings {}", bell.rings());
    };
    say("a bell");
    let first = bell.clone().waker();
    say("its waker");
    let second = first.clone();
    say("clone");
    second.wake_by_ref();
    say("wake_by_ref");
    second.wake();
    say("wake");
    drop(first);
    say("drop");
}
