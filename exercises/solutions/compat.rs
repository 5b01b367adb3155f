//! A future that is polled, and dropped, in its runtime.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

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

/// Runs `future` in `runtime`, whoever polls it.
pub fn inside<F: Future>(runtime: u32, future: F) -> Inside<F> {
    Inside { runtime, future: Some(Box::pin(future)) }
}

/// See [`inside`].
pub struct Inside<F> {
    runtime: u32,
    future: Option<Pin<Box<F>>>,
}

impl<F: Future> Future for Inside<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let _entered = enter(self.runtime);
        let future = self.future.as_mut().expect("it is there until the drop");
        future.as_mut().poll(cx)
    }
}

impl<F> Drop for Inside<F> {
    fn drop(&mut self) {
        let _entered = enter(self.runtime);
        self.future = None;
    }
}
