//! The tasks that want to be polled: a set of their keys, which every thread
//! can reach, and the waker of whoever takes the keys out.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, Mutex};
use std::task::{Wake, Waker};

// ANCHOR: ready
/// The number of a task. No number is given twice.
pub type Key = u64;

/// The keys of the tasks that were woken, each once.
#[derive(Debug, Default)]
pub struct Ready(Mutex<Woken>);

#[derive(Debug, Default)]
struct Woken {
    keys: BTreeSet<Key>,
    /// Wakes the thread that polls the tasks.
    runner: Option<Waker>,
}

impl Ready {
    /// Takes all keys. The next wake of a task wakes `runner`.
    pub fn take(&self, runner: &Waker) -> BTreeSet<Key> {
        let runner = Some(runner.clone());
        let mut woken = self.0.lock().expect("no holder panics");
        let keys = mem::take(&mut woken.keys);
        let old = mem::replace(&mut woken.runner, runner);
        // Wakers are foreign code: cloned and dropped with the lock released.
        drop(woken);
        drop(old);
        keys
    }
}
// ANCHOR_END: ready

// ANCHOR: signal
/// What the waker of a task holds: the key, and where to put it.
#[derive(Debug)]
pub struct Signal {
    pub key: Key,
    pub ready: Arc<Ready>,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        let mut woken = self.ready.0.lock().expect("no holder panics");
        woken.keys.insert(self.key);
        let runner = woken.runner.take();
        drop(woken);
        if let Some(runner) = runner {
            runner.wake();
        }
    }
}
// ANCHOR_END: signal

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;

    const LIMIT: Duration = Duration::from_secs(30);

    fn waker(key: Key, ready: &Arc<Ready>) -> Waker {
        Arc::new(Signal { key, ready: ready.clone() }).into()
    }

    fn drain(ready: &Ready) -> Vec<Key> {
        ready.take(Waker::noop()).into_iter().collect()
    }

    #[test]
    fn a_key_that_waits_is_not_put_in_again() {
        let ready = Arc::default();
        let [a, b] = [1, 2].map(|key| waker(key, &ready));
        for waker in [&b, &a, &a, &b, &a] {
            waker.wake_by_ref();
        }
        assert_eq!(drain(&ready), [1, 2]);
        a.wake_by_ref();
        assert_eq!(drain(&ready), [1]);
        assert!(drain(&ready).is_empty());
    }

    #[test]
    fn the_next_wake_wakes_the_one_who_found_nothing() {
        let ready: Arc<Ready> = Arc::default();
        let takes = ready.clone();
        let next = move || {
            block_on(poll_fn(|cx| match takes.take(cx.waker()).pop_first() {
                Some(key) => Poll::Ready(key),
                None => Poll::Pending,
            }))
        };
        let worker = thread::spawn(move || waker(5, &ready).wake());
        assert_eq!(watchdog(LIMIT, next), Ok(5));
        worker.join().unwrap();
    }

    /// A runner's waker that wakes a task when it is dropped or woken.
    struct Wakes(Waker);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.wake_by_ref();
        }
    }

    impl Drop for Wakes {
        fn drop(&mut self) {
            self.0.wake_by_ref();
        }
    }

    #[test]
    fn a_runner_that_wakes_a_task_when_it_is_dropped_or_woken_meets_no_lock() {
        let run = || {
            let ready = Arc::default();
            let task = waker(9, &ready);
            let runner = || Waker::from(Arc::new(Wakes(task.clone())));
            assert!(ready.take(&runner()).is_empty());
            // Drops the last handle on the runner.
            assert!(drain(&ready).is_empty());
            assert_eq!(drain(&ready), [9]);
            assert!(ready.take(&runner()).is_empty());
            waker(1, &ready).wake();
            drain(&ready)
        };
        assert_eq!(watchdog(LIMIT, run), Ok(vec![1, 9]));
    }
}
