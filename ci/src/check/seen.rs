//! What passed before: a run in which nothing is named looks again only at what changed.

use super::run::{Run, logs};
use crate::draw::kept::Kept;

/// What a step found right, by all that its verdict hangs on.
pub struct Seen {
    kept: Kept,
    /// The tools that looked, in words that change with them.
    by: String,
}

impl Seen {
    /// Nothing is known of before with `CI=true`, where the step is named, and where records are rewritten.
    pub fn by(run: &Run, step: &str, by: String) -> Seen {
        let kept = match run.strict || run.named || run.bless {
            true => Kept::default(),
            false => Kept::below(&logs(&run.root).join("seen").join(step)),
        };
        Seen { kept, by }
    }

    /// Whether `what` has passed under this name.
    pub fn has(&self, name: &str, what: &str) -> bool {
        self.kept.get::<Vec<u8>>([name, what, &self.by]).is_some()
    }

    /// It passed.
    pub fn keep(&self, name: &str, what: &str) {
        self.kept.put([name, what, &self.by], "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passed_is_known_to_the_same_tools_and_to_no_run_that_looks_at_everything() {
        let dir = tempfile::tempdir().unwrap();
        let run = Run { root: dir.path().into(), ..Run::default() };
        let seen = Seen::by(&run, "step", "1".into());
        assert!(!seen.has("a", "text"));
        seen.keep("a", "text");
        let known = |run: &Run, step, by: &str| Seen::by(run, step, by.into()).has("a", "text");
        assert!(known(&run, "step", "1"));
        assert!(!seen.has("a", "changed") && !seen.has("b", "text"));
        assert!(!known(&run, "step", "2") && !known(&run, "other", "1"));
        for all in [
            Run { strict: true, ..run.clone() },
            Run { named: true, ..run.clone() },
            Run { bless: true, ..run.clone() },
        ] {
            assert!(!known(&all, "step", "1"), "{all:?}");
        }
    }
}
