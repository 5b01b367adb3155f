//! What a clone, a wake and a drop do to the number of handles.

use listings::wakers::contract::count::Counter;

fn main() {
    let (task, waker) = Counter::new();
    let show = |what: &str| {
        let (wakers, wakes) = (task.wakers(), task.wakes());
        println!("{what}: wakers {wakers}, wakes {wakes}");
    };
    show("made");
    let second = waker.clone();
    show("cloned");
    second.wake_by_ref();
    show("woken by reference");
    second.wake();
    show("woken by value");
    drop(waker);
    show("dropped");
}
