//! What a timed future says about its polls.

// ANCHOR: report
use std::time::Duration;

/// How a future was polled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How often it was polled.
    pub polls: u32,
    /// The time that the longest poll took.
    pub longest: Duration,
}

impl Report {
    /// Counts one more poll, which took `time`.
    pub fn add(&mut self, time: Duration) {
        self.polls += 1;
        self.longest = self.longest.max(time);
    }
}
// ANCHOR_END: report

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_poll_is_kept() {
        let mut report = Report::default();
        for millis in [2, 7, 3] {
            report.add(Duration::from_millis(millis));
        }
        let longest = Duration::from_millis(7);
        assert_eq!(report, Report { polls: 3, longest });
    }
}
