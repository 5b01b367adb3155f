//! Futures of different types in one list, to be run by any thread.

// ANCHOR: jobs
use std::pin::Pin;

use crate::futures::poll::countdown::countdown;

/// A future that gives a report, of whatever type it is.
pub type Job = Pin<Box<dyn Future<Output = String> + Send>>;

/// Copies what is new.
pub async fn backup() -> String {
    let files = ["cart.db", "users.db", "stock.db"];
    countdown(1).await;
    format!("copied {} files", files.len())
}

/// Writes a letter.
pub async fn mail(to: &'static str) -> String {
    countdown(2).await;
    format!("wrote to {to}")
}

/// What there is to do tonight.
pub fn tonight() -> Vec<Job> {
    vec![Box::pin(backup()), Box::pin(mail("Ada"))]
}
// ANCHOR_END: jobs

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn the_jobs_have_one_type_and_their_futures_have_not() {
        assert_ne!(size_of_val(&backup()), size_of_val(&mail("Ada")));
        assert_eq!(size_of::<Job>(), 2 * size_of::<usize>());
    }

    #[test]
    fn another_thread_may_run_them() {
        let jobs = tonight();
        let night = thread::spawn(|| {
            jobs.into_iter().map(pollster::block_on).collect::<Vec<_>>()
        });
        let reports = night.join().expect("no job panics");
        assert_eq!(reports, ["copied 3 files", "wrote to Ada"]);
    }

    #[test]
    fn a_job_may_be_moved_after_it_has_been_polled() {
        use std::task::{Context, Waker};
        let mut jobs = tonight();
        let mut cx = Context::from_waker(Waker::noop());
        assert!(jobs[1].as_mut().poll(&mut cx).is_pending());
        let mail = jobs.remove(1);
        assert_eq!(pollster::block_on(mail), "wrote to Ada");
    }

    #[test]
    fn a_future_that_owns_its_letter_is_a_job() {
        async fn print(letter: String) -> String {
            format!("printed {letter}")
        }
        let job: Job = Box::pin(print("a letter".to_string()));
        assert_eq!(pollster::block_on(job), "printed a letter");
    }

    #[test]
    fn a_box_can_be_pinned_later() {
        let plain: Box<dyn Future<Output = String>> = Box::new(backup());
        let pinned = Box::into_pin(plain);
        assert_eq!(pollster::block_on(pinned), "copied 3 files");
    }
}
