//! Counts what is left on the list when the futures on it are gone.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::pin::{Pin, pin};
use std::task::{Context, Waker};

use listings::pinning::projection::broken::{Forgetful, Hasty, Movable, Open};
use listings::pinning::projection::by_hand::timed;
use listings::pinning::projection::listed::Listed;

fn left(name: &str, run: impl FnOnce(Listed<'_>, &mut Context<'_>)) {
    let list = RefCell::default();
    run(Listed::new(&list), &mut Context::from_waker(Waker::noop()));
    println!("{name}: {} left on the list", list.borrow().len());
}

fn main() {
    left("as it should be", |future, cx| {
        assert!(pin!(timed(future)).poll(cx).is_pending());
    });
    left("a false Unpin", |future, cx| {
        let mut movable = Movable(future);
        assert!(Pin::new(&mut movable).project().poll(cx).is_pending());
        drop(Box::new(movable));
    });
    left("moved by a destructor", |future, cx| {
        let hasty = pin!(Hasty(Some(future)));
        assert!(hasty.project().is_some_and(|f| f.poll(cx).is_pending()));
    });
    left("moved by a method", |future, cx| {
        let mut open = pin!(Open(Some(future)));
        let pinned = open.as_mut().project();
        assert!(pinned.is_some_and(|f| f.poll(cx).is_pending()));
        drop(open.take().map(Box::new));
    });
    left("never dropped", |future, cx| {
        let forgetful = pin!(Forgetful(ManuallyDrop::new(future)));
        assert!(forgetful.project().poll(cx).is_pending());
    });
}
