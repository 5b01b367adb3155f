//! An executor on which chance, made from a seed, takes the next task. The
//! same seed gives the same order again.

use std::ops::Range;

use crate::runtimes::scheduling::executor::Executor;
use crate::runtimes::scheduling::line::{Line, Ticket};

// ANCHOR: chance
/// Numbers that look like chance, and follow from the seed (SplitMix64).
#[derive(Debug, Clone, Default)]
pub struct Chance(u64);

impl Chance {
    /// Each seed begins another row of numbers.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}
// ANCHOR_END: chance

// ANCHOR: seeded
/// The woken tasks. Chance takes the next one.
#[derive(Debug, Default)]
pub struct Seeded {
    woken: Vec<Ticket>,
    chance: Chance,
}

impl Line for Seeded {
    fn push(&mut self, ticket: Ticket) {
        self.woken.push(ticket);
    }

    fn pop(&mut self) -> Option<Ticket> {
        if self.woken.is_empty() {
            return None;
        }
        let next = self.chance.below(self.woken.len());
        Some(self.woken.swap_remove(next))
    }
}

/// An executor that polls its tasks in the order of `seed`.
pub fn executor(seed: u64) -> Executor<Seeded> {
    let chance = Chance::new(seed);
    Executor::with_line(Seeded { woken: Vec::new(), chance })
}
// ANCHOR_END: seeded

// ANCHOR: failing
/// The seeds with which `test` returns `false`. When `test` panics, `failing`
/// panics too.
pub fn failing(
    seeds: Range<u64>,
    test: impl Fn(&Executor<Seeded>) -> bool,
) -> Vec<u64> {
    seeds.filter(|&seed| !test(&executor(seed))).collect()
}
// ANCHOR_END: failing

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::runtimes::scheduling::line::{drain, tickets};

    /// In which order three tasks have two turns each.
    fn order(seed: u64) -> Vec<u32> {
        use std::cell::RefCell;
        use std::rc::Rc;

        use crate::runtimes::executor::yield_now::yield_now;

        let (executor, log) = (executor(seed), Rc::new(RefCell::new(vec![])));
        for task in 0..3 {
            let log = log.clone();
            drop(executor.spawner().spawn(async move {
                for _ in 0..2 {
                    log.borrow_mut().push(task);
                    yield_now().await;
                }
            }));
        }
        assert_eq!(executor.run_until_stalled(), 0);
        log.take()
    }

    #[test]
    fn a_seed_gives_the_same_order_again() {
        (0..100).for_each(|seed| assert_eq!(order(seed), order(seed)));
    }

    #[test]
    fn a_thousand_seeds_give_every_order() {
        let orders: BTreeSet<_> = (0..1000).map(order).collect();
        // Six turns, of which each task has two: 6! / (2! * 2! * 2!).
        assert_eq!(orders.len(), 90);
    }

    #[test]
    fn a_line_gives_each_ticket_once() {
        let mut line = Seeded { woken: vec![], chance: Chance::new(7) };
        let keys: Vec<_> = (0..100).collect();
        tickets(&keys).into_iter().for_each(|t| line.push(t));
        let mut given = drain(&mut line);
        assert_ne!(given, keys);
        given.sort_unstable();
        assert_eq!(given, keys);
    }

    #[test]
    fn what_fails_with_no_seed_gives_no_seed() {
        assert_eq!(failing(0..10, |_| true), []);
        assert_eq!(failing(3..5, |_| false), [3, 4]);
    }

    #[test]
    fn the_row_is_the_published_one() {
        // The first numbers of SplitMix64 for the seed 0.
        let row: [u64; 3] = [
            0xe220_a839_7b1d_cdaf,
            0x6e78_9e6a_a1b9_65f4,
            0x06c4_5d18_8009_454f,
        ];
        let mut chance = Chance::new(0);
        for number in row {
            assert_eq!(chance.below(1_000_003) as u64, number % 1_000_003);
        }
    }
}
