//! A job on a thread of its own, whose answer is awaited.

use std::thread;

use crate::wakers::oneshot::closed::{Receiver, channel};

// ANCHOR: run
/// Runs `job` on a new thread. The receiver is a future of what `job`
/// returns, or of `Closed` when `job` panics. When the receiver is dropped,
/// the job runs on.
///
/// # Panics
/// When the system starts no more threads.
pub fn run<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> Receiver<T> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        // An error means that nobody waits for the answer.
        let _ = sender.send(job());
    });
    receiver
}
// ANCHOR_END: run

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::panic::resume_unwind;
    use std::sync::{Arc, Barrier, mpsc};
    use std::time::Duration;

    use super::*;
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::{Look, look};
    use crate::wakers::oneshot::closed::Closed;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn a_poll_returns_while_the_job_blocks() {
        let (open, gate) = mpsc::channel::<()>();
        let waits = Look { pending: true, wakes: 0, kept: 1 };
        assert_eq!(look(run(move || gate.recv())), waits);
        drop(open);
    }

    #[test]
    fn a_hundred_jobs_are_a_hundred_threads() {
        let run = || {
            let all = Arc::new(Barrier::new(100));
            let jobs: Vec<_> = (0..100)
                .map(|_| {
                    let all = all.clone();
                    run(move || {
                        all.wait();
                        thread::current().id()
                    })
                })
                .collect();
            let ids = jobs.into_iter().map(|job| block_on(job).unwrap());
            ids.collect::<HashSet<_>>().len()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(100));
    }

    #[test]
    fn a_job_that_panics_closes_the_channel() {
        let job = || run(|| -> u32 { resume_unwind(Box::new("no eggs")) });
        assert_eq!(watchdog(LIMIT, move || block_on(job())), Ok(Err(Closed)));
    }
}
