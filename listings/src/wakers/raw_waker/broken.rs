//! Tables that break one rule each, and what becomes of the count.

use std::mem;
use std::ptr;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

use super::by_hand::{Bell, TABLE, clone, release, wake, wake_by_ref};

// ANCHOR: tables
type Table = RawWakerVTable;

/// Tables by the rule that they break.
pub static TABLES: [(&str, Table); 7] = [
    ("none", TABLE),
    (
        "clone does not count",
        Table::new(clone_uncounted, wake, wake_by_ref, release),
    ),
    (
        "wake keeps the handle",
        Table::new(clone, wake_by_ref, wake_by_ref, release),
    ),
    ("wake_by_ref takes it", Table::new(clone, wake, wake, release)),
    ("drop keeps the handle", Table::new(clone, wake, wake_by_ref, keep)),
    ("drop takes two", Table::new(clone, wake, wake_by_ref, release_two)),
    (
        "clone leads nowhere",
        Table::new(clone_of_nothing, wake, wake_by_ref, release),
    ),
];

unsafe fn clone_uncounted(data: *const ()) -> RawWaker {
    RawWaker::new(data, &TABLE)
}

unsafe fn keep(_data: *const ()) {}

unsafe fn release_two(data: *const ()) {
    // SAFETY: the first call is right, as in `release`. The second call takes
    // one handle too many: it breaks the rule on purpose.
    unsafe {
        release(data);
        release(data);
    }
}

unsafe fn clone_of_nothing(_data: *const ()) -> RawWaker {
    RawWaker::new(ptr::null(), Waker::noop().vtable())
}
// ANCHOR_END: tables

// ANCHOR: live
/// Two wakers of `bell`.
///
/// # Safety
/// If `table` breaks a rule, the bell may be freed while a waker leads to it.
/// The caller holds so many handles that this does not happen.
pub unsafe fn two(bell: &Arc<Bell>, table: &'static Table) -> [Waker; 2] {
    [bell.clone(), bell.clone()].map(|handle| {
        let data = Arc::into_raw(handle).cast();
        // SAFETY: as in `Bell::waker`, but for the rule that is broken. The
        // caller has taken care of that.
        unsafe { Waker::new(data, table) }
    })
}

/// Uses each function of the table, and wakes three times.
pub fn live([first, second]: [Waker; 2]) {
    let clone = first.clone();
    clone.wake();
    first.wake_by_ref();
    first.wake();
    drop(second);
}
// ANCHOR_END: live

// ANCHOR: outcome
/// How often the bell rang in [`live`], and how many handles are counted
/// beyond those that exist.
///
/// # Safety
/// `table` is one of [`TABLES`]: each of them leads to a [`Bell`], and takes
/// less than ten handles that are not its own.
unsafe fn outcome(table: &'static Table) -> (u32, isize) {
    let bell = Arc::new(Bell::default());
    let spare = vec![bell.clone(); 10];
    // SAFETY: the caller vouches for the table, and we hold ten handles more.
    live(unsafe { two(&bell, table) });

    let exist = 1 + spare.len();
    let counted = Arc::strong_count(&bell);
    for _ in exist..counted {
        // SAFETY: this handle is counted, and nobody has it any more.
        unsafe { Arc::decrement_strong_count(Arc::as_ptr(&bell)) };
    }
    let taken = exist.saturating_sub(counted);
    spare.into_iter().take(taken).for_each(mem::forget);
    (bell.rings(), counted as isize - exist as isize)
}

/// The rule that each table breaks, and the outcome.
pub fn outcomes() -> impl Iterator<Item = (&'static str, u32, isize)> {
    TABLES.iter().map(|(rule, table)| {
        // SAFETY: it is one of `TABLES`.
        let (rings, handles) = unsafe { outcome(table) };
        (*rule, rings, handles)
    })
}
// ANCHOR_END: outcome

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::Pin;
    use std::task::Context;

    use crate::wakers::oneshot::closed::channel;

    fn of(rule: &str) -> (u32, isize) {
        let found = outcomes().find(|(name, ..)| *name == rule);
        let (_, rings, handles) = found.expect("there is such a table");
        (rings, handles)
    }

    #[test]
    fn a_right_table_leaves_the_count_as_it_was() {
        assert_eq!(of("none"), (3, 0));
    }

    #[test]
    fn each_broken_rule_shows_in_the_count_or_in_the_rings() {
        assert_eq!(of("clone does not count"), (3, -1));
        assert_eq!(of("wake keeps the handle"), (3, 1));
        assert_eq!(of("wake_by_ref takes it"), (3, -1));
        assert_eq!(of("drop keeps the handle"), (3, 1));
        assert_eq!(of("drop takes two"), (3, -1));
        assert_eq!(of("clone leads nowhere"), (2, 0));
    }

    #[test]
    fn a_clone_that_leads_nowhere_loses_the_wake_of_a_future() {
        let bell = Arc::new(Bell::default());
        // SAFETY: this table takes no handle that is not its own.
        let [waker, _] = unsafe { two(&bell, &TABLES[6].1) };
        let (sender, mut receiver) = channel();
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(&mut receiver).poll(&mut cx).is_pending());
        assert_eq!(sender.send(7), Ok(()));
        assert_eq!(bell.rings(), 0);
    }
}
