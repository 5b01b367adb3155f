//! Exercise to runtimes/choosing.html: poll and drop a future inside its
//! runtime, in any executor.

use std::cell::Cell;

thread_local! {
    static CURRENT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The runtime that this thread has entered.
pub fn current() -> Option<u32> {
    CURRENT.get()
}

/// Enters a runtime until the guard is dropped.
pub fn enter(runtime: u32) -> Entered {
    Entered(CURRENT.replace(Some(runtime)))
}

/// The guard of [`enter`].
#[must_use = "the runtime is left when the guard is dropped"]
pub struct Entered(Option<u32>);

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

// ANCHOR: stub
// While `future` is polled or dropped, `current()` should be `runtime`. At
// all other times, `current()` should be what it was before. Repair it. You
// may return a type of your own.
pub async fn inside<F: Future>(runtime: u32, future: F) -> F::Output {
    let _entered = enter(runtime);
    future.await
}
// ANCHOR_END: stub
