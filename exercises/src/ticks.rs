//! Exercise to runtimes/timers.html: an interval that skips what it missed.

use std::time::Duration;

// ANCHOR: stub
/// Says when the next tick is due. All times count from one start.
pub struct Ticks {
    due: Duration,
    period: Duration,
}

impl Ticks {
    /// The first tick is due at once, the others every `period`.
    pub fn new(period: Duration) -> Ticks {
        Ticks { due: period, period }
    }

    /// Takes the tick that is due `now`, if there is one, and returns when it
    /// was due. The ticks that were missed are left out, and the later ones
    /// keep their times. This one bursts, and the first tick comes too late:
    /// repair both.
    pub fn take(&mut self, now: Duration) -> Option<Duration> {
        let due = self.due;
        if now < due {
            return None;
        }
        self.due = due + self.period;
        Some(due)
    }
}
// ANCHOR_END: stub
