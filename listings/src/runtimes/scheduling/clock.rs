//! A clock that a test moves by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

// ANCHOR: clock
/// A clock that stands still until somebody moves it. Clones show the same
/// time.
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<AtomicU64>);

impl Clock {
    /// The time since it was made.
    pub fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    /// Stands for work that takes so many milliseconds.
    pub fn work(&self, millis: u64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}
// ANCHOR_END: clock

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_by_what_is_worked() {
        let clock = Clock::default();
        let other = clock.clone();
        clock.work(3);
        other.work(4);
        assert_eq!(clock.now(), Duration::from_millis(7));
    }
}
