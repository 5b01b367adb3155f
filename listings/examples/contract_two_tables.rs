//! Two wakers with the same data and the same functions, in two tables.

use std::ptr;
use std::task::{RawWaker, RawWakerVTable, Waker};

// ANCHOR: program
static OWNED: RawWakerVTable =
    RawWakerVTable::new(|data| RawWaker::new(data, &OWNED), wake, wake, wake);
static BORROWED: RawWakerVTable =
    RawWakerVTable::new(|data| RawWaker::new(data, &OWNED), wake, wake, wake);

fn wake(_: *const ()) {}

fn main() {
    // SAFETY: neither table's functions use the data, so any may be passed.
    let owned = unsafe { Waker::new(ptr::null(), &OWNED) };
    // SAFETY: as above.
    let borrowed = unsafe { Waker::new(ptr::null(), &BORROWED) };
    println!("two tables: {}", owned.will_wake(&borrowed));
    println!("one table: {}", owned.will_wake(&borrowed.clone()));
}
// ANCHOR_END: program
