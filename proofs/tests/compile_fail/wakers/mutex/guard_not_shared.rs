use std::cell::Cell;

use listings::wakers::mutex::fair::Guard;

fn may_be_shared<T: Sync>() {}

pub fn a_guard_of_what_must_not_be_shared() {
    may_be_shared::<Guard<'_, Cell<u32>>>();
}

fn main() {}
