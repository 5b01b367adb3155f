//! Counts what is left on the list when the futures on it are gone.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::pin::{Pin, pin};
use std::task::{Context, Waker};

use listings::pinning::projection::broken::{Forgetful, Hasty, Movable, Open};
use listings::pinning::projection::by_hand::timed;
use listings::pinning::projection::listed::Listed;

// ANCHOR: right
fn right(future: Listed<'_>, cx: &mut Context<'_>) {
    assert!(pin!(timed(future)).poll(cx).is_pending());
}
// ANCHOR_END: right

// ANCHOR: false_unpin
fn false_unpin(future: Listed<'_>, cx: &mut Context<'_>) {
    let mut movable = Movable(future);
    assert!(Pin::new(&mut movable).project().poll(cx).is_pending());
    drop(Box::new(movable));
}
// ANCHOR_END: false_unpin

// ANCHOR: destructor_moves
fn destructor_moves(future: Listed<'_>, cx: &mut Context<'_>) {
    let hasty = pin!(Hasty(Some(future)));
    assert!(hasty.project().is_some_and(|f| f.poll(cx).is_pending()));
}
// ANCHOR_END: destructor_moves

// ANCHOR: method_moves
fn method_moves(future: Listed<'_>, cx: &mut Context<'_>) {
    let mut open = pin!(Open(Some(future)));
    let pinned = open.as_mut().project();
    assert!(pinned.is_some_and(|f| f.poll(cx).is_pending()));
    drop(open.take().map(Box::new));
}
// ANCHOR_END: method_moves

// ANCHOR: never_dropped
fn never_dropped(future: Listed<'_>, cx: &mut Context<'_>) {
    let forgetful = pin!(Forgetful(ManuallyDrop::new(future)));
    assert!(forgetful.project().poll(cx).is_pending());
}
// ANCHOR_END: never_dropped

// ANCHOR: main
fn main() {
    let runs: [(&str, fn(Listed<'_>, &mut Context<'_>)); 5] = [
        ("as it should be", right),
        ("a false Unpin", false_unpin),
        ("moved by a destructor", destructor_moves),
        ("moved by a method", method_moves),
        ("never dropped", never_dropped),
    ];
    for (name, run) in runs {
        let list = RefCell::default();
        run(Listed::new(&list), &mut Context::from_waker(Waker::noop()));
        println!("{name}: {} left on the list", list.borrow().len());
    }
}
// ANCHOR_END: main
