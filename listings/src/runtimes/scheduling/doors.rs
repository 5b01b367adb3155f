//! Two queues, one for wakes from this thread and one for all others, and
//! three rules which of them is looked at.

use std::collections::VecDeque;

use crate::runtimes::executor::ready::Key;

// ANCHOR: rule
/// When the inbox is looked at.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// Only when the local queue is empty.
    LocalFirst,
    /// At each `n`th pop the inbox is first.
    InboxEvery(u32),
    /// At each pop, what is in the inbox goes to the end of the local queue.
    OneLine,
}

/// A model of an executor's two queues.
#[derive(Debug)]
pub struct Doors {
    rule: Rule,
    pops: u32,
    local: VecDeque<Key>,
    inbox: VecDeque<Key>,
}
// ANCHOR_END: rule

impl Doors {
    /// Two empty queues.
    pub fn new(rule: Rule) -> Doors {
        Doors { rule, pops: 0, local: VecDeque::new(), inbox: VecDeque::new() }
    }
}

// ANCHOR: pop
impl Doors {
    /// Takes the key of the task that is next.
    pub fn pop(&mut self) -> Option<Key> {
        self.pops += 1;
        let inbox_first = match self.rule {
            Rule::LocalFirst => false,
            Rule::InboxEvery(n) => self.pops.is_multiple_of(n),
            Rule::OneLine => {
                let arrived = self.inbox.drain(..);
                let new = arrived.filter(|key| !self.local.contains(key));
                let new: Vec<_> = new.collect();
                self.local.extend(new);
                false
            }
        };
        if inbox_first {
            self.inbox.pop_front().or_else(|| self.local.pop_front())
        } else {
            self.local.pop_front().or_else(|| self.inbox.pop_front())
        }
    }
}
// ANCHOR_END: pop

// ANCHOR: property
/// What an executor with two queues is asked for.
pub trait TwoDoors {
    /// A wake from the executor's own thread.
    fn wake_here(&mut self, key: Key);
    /// A wake from another thread.
    fn wake_there(&mut self, key: Key);
    fn pop(&mut self) -> Option<Key>;
}

/// One step of a run.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    Here(Key),
    There(Key),
    Pop,
}

/// Does the steps. Returns how often, at most, one task had a turn while
/// another one waited.
pub fn most_turns_during_a_wait(
    doors: &mut impl TwoDoors,
    steps: &[Step],
) -> usize {
    /// For each task that waits: who had a turn since then.
    type Waiting = Vec<(Key, Vec<Key>)>;
    let (mut waiting, mut most): (Waiting, _) = (Vec::new(), 0);
    for step in steps {
        match *step {
            Step::Here(key) | Step::There(key)
                if waiting.iter().all(|(waits, _)| *waits != key) =>
            {
                waiting.push((key, Vec::new()));
            }
            _ => {}
        }
        match *step {
            Step::Here(key) => doors.wake_here(key),
            Step::There(key) => doors.wake_there(key),
            Step::Pop => {
                let Some(turn) = doors.pop() else { continue };
                waiting.retain(|(waits, _)| *waits != turn);
                for (_, turns) in &mut waiting {
                    turns.push(turn);
                    let same = turns.iter().filter(|key| **key == turn);
                    most = most.max(same.count());
                }
            }
        }
    }
    most
}
// ANCHOR_END: property

impl TwoDoors for Doors {
    fn wake_here(&mut self, key: Key) {
        if !self.local.contains(&key) {
            self.local.push_back(key);
        }
    }

    fn wake_there(&mut self, key: Key) {
        if !self.inbox.contains(&key) {
            self.inbox.push_back(key);
        }
    }

    fn pop(&mut self) -> Option<Key> {
        Doors::pop(self)
    }
}

// ANCHOR: turns
/// One task was woken from another thread. A busy task wakes itself in each of
/// its turns. Returns how many turns the busy task has, at most 1000, before
/// the other task has its first.
pub fn turns_of_a_busy_task(rule: Rule) -> u32 {
    const BUSY: Key = 1;
    const OTHER: Key = 2;
    let mut doors = Doors::new(rule);
    doors.wake_there(OTHER);
    doors.wake_here(BUSY);
    for turns in 0..1000 {
        if doors.pop() == Some(OTHER) {
            return turns;
        }
        doors.wake_here(BUSY);
    }
    1000
}
// ANCHOR_END: turns

#[cfg(test)]
pub(super) mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::runtimes::fast_executor::queue::Queue;

    /// The queue of the fast executor. Nobody has entered it, so a waker
    /// takes its other door.
    struct Fast(Rc<Queue>);

    impl TwoDoors for Fast {
        fn wake_here(&mut self, key: Key) {
            self.0.push(key as usize);
        }

        fn wake_there(&mut self, key: Key) {
            self.0.waker(key as usize).wake();
        }

        fn pop(&mut self) -> Option<Key> {
            self.0.pop().map(|key| key as Key)
        }
    }

    /// Runs of 60 steps, the same ones each time.
    fn runs() -> impl Iterator<Item = Vec<Step>> {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = move |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        (0..2000).map(move |_| {
            let mut step = || match random(4) {
                0 => Step::Here(random(5)),
                1 => Step::There(random(5)),
                _ => Step::Pop,
            };
            (0..60).map(|_| step()).collect()
        })
    }

    /// The most turns of one task during a wait, of all runs.
    pub fn most<D: TwoDoors>(make: impl Fn() -> D) -> usize {
        let most =
            |steps: Vec<Step>| most_turns_during_a_wait(&mut make(), &steps);
        runs().map(most).max().unwrap_or_default()
    }

    #[test]
    fn while_a_task_waits_no_other_task_has_two_turns() {
        assert_eq!(most(|| Doors::new(Rule::OneLine)), 1);
        assert_eq!(most(|| Fast(Queue::new())), 1);
    }

    #[test]
    fn the_property_is_broken_where_an_inbox_waits() {
        assert!(most(|| Doors::new(Rule::LocalFirst)) > 3);
        assert!(most(|| Doors::new(Rule::InboxEvery(31))) > 3);
    }

    #[test]
    fn a_busy_task_has_a_thousand_turns_where_the_inbox_comes_last() {
        assert_eq!(turns_of_a_busy_task(Rule::LocalFirst), 1000);
    }

    #[test]
    fn a_busy_task_has_one_turn_in_one_line() {
        assert_eq!(turns_of_a_busy_task(Rule::OneLine), 1);
    }

    #[test]
    fn a_busy_task_has_at_most_as_many_turns_as_the_interval() {
        for interval in 1..100 {
            let turns = turns_of_a_busy_task(Rule::InboxEvery(interval));
            assert_eq!(turns, interval - 1);
        }
    }

    #[test]
    fn turns_are_counted_from_where_the_wait_begins() {
        let mut doors = Doors::new(Rule::LocalFirst);
        let again = [Step::Here(1), Step::Pop];
        let mut steps = [again; 3].concat();
        assert_eq!(most_turns_during_a_wait(&mut doors, &steps), 0);
        steps.insert(3, Step::There(2));
        assert_eq!(most_turns_during_a_wait(&mut doors, &steps), 2);
    }
}
