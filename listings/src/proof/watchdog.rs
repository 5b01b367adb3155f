use std::fmt;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// A program did not finish in the time it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hung {
    /// How long the watchdog waited.
    pub limit: Duration,
}

impl fmt::Display for Hung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no answer within {:?}", self.limit)
    }
}

impl std::error::Error for Hung {}

/// Runs `program` on a thread of its own and returns what it returned.
///
/// # Errors
/// [`Hung`] when it has not finished within `limit`. Its thread is left
/// behind and ends with the process: nothing in std can stop it.
///
/// # Panics
/// With the program's own panic.
pub fn watchdog<T: Send + 'static>(
    limit: Duration,
    program: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Hung> {
    let (sender, receiver) = channel();
    let thread = thread::spawn(move || {
        // The receiver is gone only after the limit: nobody wants the value.
        let _ = sender.send(program());
    });
    match receiver.recv_timeout(limit) {
        Ok(value) => Ok(value),
        Err(RecvTimeoutError::Timeout) => Err(Hung { limit }),
        Err(RecvTimeoutError::Disconnected) => {
            let panic = thread.join().expect_err("it ended without a value");
            std::panic::resume_unwind(panic)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_ends_gives_its_value() {
        assert_eq!(watchdog(Duration::from_secs(10), || 7), Ok(7));
    }

    #[test]
    fn a_program_that_hangs_is_reported() {
        let limit = Duration::from_millis(20);
        let hung = watchdog(limit, || {
            loop {
                std::thread::park();
            }
        });
        assert_eq!(hung, Err::<(), _>(Hung { limit }));
    }

    #[test]
    #[should_panic(expected = "its own panic")]
    fn a_panic_comes_out_as_it_went_in() {
        let _ = watchdog(Duration::from_secs(10), || panic!("its own panic"));
    }
}
