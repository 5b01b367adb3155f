//! 100,000 timers, half of them dropped: what an ordered map and a heap do.

use std::cell::Cell;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};

// ANCHOR: program
const TIMERS: u64 = 100_000;

fn main() {
    // Timeouts of many lengths, in an order that looks like chance.
    let deadlines = (0..TIMERS).map(|n| Counted(n * 7_919 % TIMERS));

    let mut map = BTreeMap::new();
    map.extend(deadlines.clone().map(|deadline| (deadline, ())));
    say("map: set", map.len());
    for dropped in deadlines.clone().step_by(2) {
        map.remove(&dropped);
    }
    say("map: half dropped", map.len());
    while map.pop_first().is_some() {}
    say("map: all due", map.len());

    let mut heap = BinaryHeap::new();
    heap.extend(deadlines.map(Reverse));
    say("heap: set", heap.len());
    // A heap cannot find a timer in its middle, so each stays until it is due.
    say("heap: half dropped", heap.len());
    while heap.pop().is_some() {}
    say("heap: all due", heap.len());
}
// ANCHOR_END: program

/// A deadline that counts how often it is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Counted(u64);

thread_local! {
    static COMPARED: Cell<u64> = const { Cell::new(0) };
}

impl Ord for Counted {
    fn cmp(&self, other: &Counted) -> Ordering {
        COMPARED.set(COMPARED.get() + 1);
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Counted {
    fn partial_cmp(&self, other: &Counted) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn say(what: &str, left: usize) {
    let each = COMPARED.take() as f64 / TIMERS as f64;
    println!("{what}: {left} timers, {each:.1} comparisons a timer");
}
