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
        // How many periods have begun since then. The next one is to come.
        let periods = (now - due).as_nanos() / self.period.as_nanos();
        let periods = u32::try_from(periods).ok()?;
        self.due = due + self.period * (periods + 1);
        Some(due)
    }
}
