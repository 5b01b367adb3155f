//! The time, and a time that a test moves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

// ANCHOR: clock
/// Tells the time. Clones of a virtual clock are the same clock.
#[derive(Debug, Clone)]
pub enum Clock {
    /// That of the system.
    Real,
    /// One that stands still until somebody moves it.
    Virtual(Arc<Mutex<Instant>>),
}

impl Clock {
    /// A clock that stands still.
    pub fn stopped() -> Clock {
        Clock::Virtual(Arc::new(Mutex::new(Instant::now())))
    }

    /// What time it is.
    pub fn now(&self) -> Instant {
        match self {
            Clock::Real => Instant::now(),
            Clock::Virtual(now) => {
                *now.lock().unwrap_or_else(PoisonError::into_inner)
            }
        }
    }

    /// Moves a virtual clock to `then`, unless it is past that. A real clock
    /// cannot be moved.
    pub fn jump(&self, then: Instant) {
        if let Clock::Virtual(now) = self {
            let mut now = now.lock().unwrap_or_else(PoisonError::into_inner);
            *now = then.max(*now);
        }
    }
}
// ANCHOR_END: clock

/// The moment a `duration` after `now`. Where that is more than an [`Instant`]
/// holds, one that is never reached: in 30 years.
pub fn after(now: Instant, duration: Duration) -> Instant {
    let never = now + Duration::from_secs(30 * 365 * 24 * 60 * 60);
    now.checked_add(duration).unwrap_or(never)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[test]
    fn a_virtual_clock_goes_only_forward_and_only_when_it_is_told() {
        let clock = Clock::stopped();
        let (start, same) = (clock.now(), clock.clone());
        clock.jump(start + HOUR);
        assert_eq!(same.now(), start + HOUR);
        clock.jump(start);
        assert_eq!(clock.now(), start + HOUR);
    }

    #[test]
    fn a_real_clock_cannot_be_moved() {
        let clock = Clock::Real;
        clock.jump(clock.now() + HOUR);
        assert!(clock.now() < Instant::now() + HOUR);
    }

    #[test]
    fn the_far_future_is_in_thirty_years() {
        let now = Instant::now();
        assert_eq!(after(now, Duration::MAX) - now, 30 * 365 * 24 * HOUR);
        assert_eq!(after(now, HOUR) - now, HOUR);
    }
}
