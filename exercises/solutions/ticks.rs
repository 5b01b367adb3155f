//! Ticks whose missed ones are left out.

use std::time::Duration;

/// Says when the next tick is due. All times count from one start.
pub struct Ticks {
    due: Duration,
    period: Duration,
}

impl Ticks {
    /// The first tick is due at once, the others every `period`.
    pub fn new(period: Duration) -> Ticks {
        Ticks { due: Duration::ZERO, period }
    }

    /// Takes the tick that is due `now`, if there is one, and returns when it
    /// was due. The ticks that were missed are left out.
    pub fn take(&mut self, now: Duration) -> Option<Duration> {
        let due = self.due;
        if now < due {
            return None;
        }
        // The time since the newest tick that was due: the next one is to come
        // a period after that.
        let past = (now - due).as_nanos() % self.period.as_nanos();
        self.due = now - Duration::from_nanos_u128(past) + self.period;
        Some(due)
    }
}
