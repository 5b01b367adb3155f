//! Threads that are counted.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Starts threads, and knows how many of them have not ended.
#[derive(Clone, Default)]
pub struct Threads(Arc<Shared>);

#[derive(Default)]
struct Shared {
    running: Mutex<usize>,
    ended: Condvar,
}

/// A thread that has not ended.
struct Running(Arc<Shared>);

impl Threads {
    /// None has been started.
    pub fn new() -> Threads {
        Threads::default()
    }

    /// Starts a thread that does `work`.
    ///
    /// # Panics
    /// When the system gives no thread.
    pub fn start(&self, work: impl FnOnce() + Send + 'static) {
        *self.0.lock() += 1;
        let running = Running(self.0.clone());
        thread::spawn(move || {
            let _running = running;
            work();
        });
    }

    /// How many have not ended.
    pub fn running(&self) -> usize {
        *self.0.lock()
    }

    /// Waits until all have ended.
    pub fn wait_for_all(&self) {
        let any = |running: &mut usize| *running > 0;
        drop(self.0.ended.wait_while(self.0.lock(), any));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.lock() -= 1;
        self.0.ended.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, usize> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
