//! Attempts with a time limit and pauses between them. An attempt that is
//! given up is cancelled, so two never run at the same time.

use std::time::Duration;
use std::{error, fmt};

use tokio::time::{sleep, timeout};

/// How often to try, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The number of attempts, at least one.
    pub attempts: u32,
    /// How long one attempt may take.
    pub limit: Duration,
    /// The pause after the first attempt. Each pause is twice the last one.
    pub pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

/// No attempt succeeded. This is what became of the last one.
#[derive(Debug, PartialEq, Eq)]
pub enum GaveUp<E> {
    /// It failed with this error.
    Failed(E),
    /// It was cancelled, because it took too long.
    TimedOut,
}

// ANCHOR: retry
/// Calls `attempt` with the numbers 1, 2, … until it succeeds.
///
/// # Errors
/// [`GaveUp`], when the last attempt did not succeed either.
///
/// Cancel safety: dropped, it cancels the running attempt.
pub async fn retry<T, E>(
    policy: Policy,
    attempt: impl AsyncFn(u32) -> Result<T, E>,
) -> Result<T, GaveUp<E>> {
    let mut pause = policy.pause;
    let mut number = 1;
    loop {
        // On its end `timeout` drops the attempt, which cancels it.
        let why = match timeout(policy.limit, attempt(number)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => GaveUp::Failed(error),
            Err(_elapsed) => GaveUp::TimedOut,
        };
        if number >= policy.attempts {
            return Err(why);
        }
        sleep(pause).await;
        pause = policy.longest_pause.min(pause.saturating_mul(2));
        number += 1;
    }
}
// ANCHOR_END: retry

impl<E: fmt::Display> fmt::Display for GaveUp<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GaveUp::Failed(error) => write!(f, "the last attempt: {error}"),
            GaveUp::TimedOut => f.write_str("the last attempt took too long"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> error::Error for GaveUp<E> {}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::future::pending;

    use tokio::time::Instant;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    const POLICY: Policy = Policy {
        attempts: 5,
        limit: Duration::from_millis(100),
        pause: Duration::from_millis(10),
        longest_pause: Duration::from_millis(30),
    };

    struct Running<'a>(&'a Cell<u32>);

    impl Drop for Running<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() - 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_takes_too_long_is_cancelled_before_the_next() {
        let (running, most) = (Cell::new(0), Cell::new(0));
        let end = retry::<(), ()>(POLICY, async |_| {
            running.set(running.get() + 1);
            most.set(most.get().max(running.get()));
            let _running = Running(&running);
            pending().await
        });
        assert_eq!(end.await, Err(GaveUp::TimedOut));
        assert_eq!((running.get(), most.get()), (0, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn the_pauses_double_up_to_the_longest() {
        let start = Instant::now();
        let begins = RefCell::new(Vec::new());
        let end = retry::<(), _>(POLICY, async |number| {
            begins.borrow_mut().push(start.elapsed());
            Err(number)
        });
        assert_eq!(end.await, Err(GaveUp::Failed(5)));
        let expected = [0, 10, 30, 60, 90].map(|at| at * MS);
        assert_eq!(begins.into_inner(), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_that_cannot_be_doubled_stays_and_is_no_panic() {
        let longest_pause = Duration::MAX;
        let policy = Policy { attempts: 80, longest_pause, ..POLICY };
        let end = retry::<(), _>(policy, async |number| Err(number));
        assert_eq!(end.await, Err(GaveUp::Failed(80)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_success_ends_it() {
        let end = retry(POLICY, async |number| match number {
            3 => Ok(number),
            _ => Err("not yet"),
        });
        assert_eq!(end.await, Ok(3));
    }
}
