//! Starts the threads that wait, and counts them.

// ANCHOR: threads
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

static WAITING: AtomicUsize = AtomicUsize::new(0);

/// One thread that waits, counted until this is dropped.
#[derive(Debug)]
pub struct Waiting(());

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Relaxed);
    }
}

/// How many threads wait for a deadline just now.
pub fn waiting() -> usize {
    WAITING.load(Relaxed)
}

/// Starts a thread by the name of `timer`. `run` has to drop the [`Waiting`]
/// when its wait is over.
///
/// # Panics
/// When the system cannot start a thread.
pub fn start(run: impl FnOnce(Waiting) + Send + 'static) {
    WAITING.fetch_add(1, Relaxed);
    let waiting = Waiting(());
    let thread = thread::Builder::new().name("timer".to_string());
    thread.spawn(move || run(waiting)).expect("a thread can be started");
}
// ANCHOR_END: threads

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    // Tests on other threads start timers too, so the count is not exact
    // here; `tests/timer_threads.rs` has a process of its own.
    #[test]
    fn a_thread_that_waits_is_counted() {
        let (stop, stopped) = channel::<()>();
        let (sender, name) = channel();
        start(move |_waiting| {
            sender.send(thread::current().name().map(String::from)).unwrap();
            let _ = stopped.recv();
        });
        assert!(waiting() >= 1);
        assert_eq!(name.recv(), Ok(Some("timer".to_string())));
        drop(stop);
    }
}
