//! Deadlines on pages of 16 milliseconds. Only the first page is in order.

use std::collections::BTreeMap;
use std::mem;
use std::task::Waker;
use std::time::Instant;

// ANCHOR: page
/// When a timer is due, and a number that no other timer has.
type Due = (Instant, u64);

/// Tells the queue where to look for a timer.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    due: Due,
    /// Its place on a page without order.
    place: usize,
}

/// All timers that are due in the same 16 milliseconds.
#[derive(Debug)]
enum Page {
    /// In no order. A timer that is taken out leaves a free place.
    Loose { places: Vec<Option<(Due, Waker)>>, free: Vec<usize> },
    /// The earliest deadline stands first.
    Sorted(BTreeMap<Due, Waker>),
}
// ANCHOR_END: page

// ANCHOR: places
impl Page {
    /// Puts a timer in.
    fn insert(&mut self, due: Due, waker: Waker) -> Key {
        match self {
            Page::Sorted(timers) => {
                timers.insert(due, waker);
                Key { due, place: 0 }
            }
            Page::Loose { places, free } => {
                let place = free.pop().unwrap_or(places.len());
                if place == places.len() {
                    places.push(None);
                }
                places[place] = Some((due, waker));
                Key { due, place }
            }
        }
    }

    /// Takes a timer out, unless it has gone.
    fn remove(&mut self, key: Key) -> Option<Waker> {
        match self {
            Page::Sorted(timers) => timers.remove(&key.due),
            Page::Loose { places, free } => {
                let place = places.get_mut(key.place)?;
                let (_, waker) = place.take_if(|timer| timer.0 == key.due)?;
                free.push(key.place);
                Some(waker)
            }
        }
    }
}
// ANCHOR_END: places

// ANCHOR: sort
impl Page {
    /// The timers in order. They are sorted when this is called first.
    fn sort(&mut self) -> &mut BTreeMap<Due, Waker> {
        if let Page::Loose { places, .. } = self {
            let timers = mem::take(places).into_iter().flatten();
            *self = Page::Sorted(timers.collect());
        }
        match self {
            Page::Sorted(timers) => timers,
            Page::Loose { .. } => unreachable!("it was just sorted"),
        }
    }
}
// ANCHOR_END: sort

impl Page {
    fn new() -> Page {
        Page::Loose { places: Vec::new(), free: Vec::new() }
    }

    fn len(&self) -> usize {
        match self {
            Page::Sorted(timers) => timers.len(),
            Page::Loose { places, free } => places.len() - free.len(),
        }
    }
}

// ANCHOR: queue
/// How many milliseconds a page has.
const MILLISECONDS: u128 = 16;

/// Whom to wake when.
#[derive(Debug)]
pub struct Queue {
    /// By their numbers. No page is empty.
    pages: BTreeMap<u128, Page>,
    /// Where page 0 starts.
    start: Instant,
    /// How many timers were put in so far.
    count: u64,
}

impl Queue {
    /// Puts a timer in.
    pub fn insert(&mut self, deadline: Instant, waker: Waker) -> Key {
        self.count += 1;
        let page = self.pages.entry(self.page_of(deadline));
        let page = page.or_insert_with(Page::new);
        page.insert((deadline, self.count), waker)
    }

    /// Takes a timer out, unless it was due and has gone.
    pub fn remove(&mut self, key: Key) -> Option<Waker> {
        let number = self.page_of(key.due.0);
        let page = self.pages.get_mut(&number)?;
        let waker = page.remove(key);
        if page.len() == 0 {
            self.pages.remove(&number);
        }
        waker
    }

    /// The earliest deadline.
    pub fn first(&mut self) -> Option<Instant> {
        let mut page = self.pages.first_entry()?;
        let (first, _) = page.get_mut().sort().first_key_value()?;
        Some(first.0)
    }
}
// ANCHOR_END: queue

impl Queue {
    /// Takes out every timer that is due, in the order of their deadlines.
    pub fn take_due(&mut self, now: Instant) -> Vec<Waker> {
        let mut due = Vec::new();
        while let Some(mut page) = self.pages.first_entry() {
            let timers = page.get_mut().sort();
            while let Some(first) = timers.first_entry() {
                if first.key().0 > now {
                    return due;
                }
                due.push(first.remove());
            }
            page.remove();
        }
        due
    }
}

impl Queue {
    /// A queue without timers.
    pub fn new(start: Instant) -> Queue {
        Queue { pages: BTreeMap::new(), start, count: 0 }
    }

    /// On which page a deadline stands.
    fn page_of(&self, deadline: Instant) -> u128 {
        let after = deadline.saturating_duration_since(self.start);
        after.as_millis() / MILLISECONDS
    }

    /// How many timers are in it.
    pub fn len(&self) -> usize {
        self.pages.values().map(Page::len).sum()
    }

    /// Whether it has no timer.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::queue;
    use super::*;
    use crate::proof::hostile::Guest;

    const MILLISECOND: Duration = Duration::from_millis(1);

    /// How many places for timers the pages have, used or free.
    fn places(queue: &Queue) -> usize {
        let of_one = |page: &Page| match page {
            Page::Loose { places, .. } => places.len(),
            Page::Sorted(timers) => timers.len(),
        };
        queue.pages.values().map(of_one).sum()
    }

    fn noop() -> Waker {
        Waker::noop().clone()
    }

    #[test]
    fn the_pages_and_the_map_give_the_same_timers_in_the_same_order() {
        let start = Instant::now();
        let mut pages = Queue::new(start);
        let mut map = queue::Queue::default();
        let mut keys = Vec::new();
        let mut chance = 1_u32;
        let mut next = move |limit: u32| {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (chance >> 8) % limit
        };
        let mut now = start;
        for _ in 0..20_000 {
            // More often put in than taken out, many with equal deadlines.
            match next(10) {
                0..6 => {
                    let deadline = now + next(100) * MILLISECOND;
                    let waker = Guest::new().waker();
                    let key = pages.insert(deadline, waker.clone());
                    keys.push((key, map.insert(deadline, waker)));
                }
                6..9 if !keys.is_empty() => {
                    let at = next(keys.len() as u32) as usize;
                    // Some are kept, and are taken out once more later.
                    let (key, other) = match next(4) {
                        0 => keys[at],
                        _ => keys.swap_remove(at),
                    };
                    let (one, two) = (pages.remove(key), map.remove(other));
                    assert_eq!(one.is_some(), two.is_some());
                    assert!(one.iter().zip(&two).all(|(a, b)| a.will_wake(b)));
                }
                _ => {
                    now += next(10) * MILLISECOND;
                    let (one, two) = (pages.take_due(now), map.take_due(now));
                    assert_eq!(one.len(), two.len());
                    assert!(one.iter().zip(&two).all(|(a, b)| a.will_wake(b)));
                }
            }
            assert_eq!(pages.first(), map.first());
            assert_eq!(pages.len(), map.len());
            assert_eq!(pages.is_empty(), map.is_empty());
        }
    }

    #[test]
    fn timers_of_one_deadline_come_in_the_order_in_which_they_were_set() {
        let start = Instant::now();
        let mut queue = Queue::new(start);
        let guests: Vec<_> = (0..100).map(|_| Guest::new().waker()).collect();
        let deadline = start + 100 * MILLISECOND;
        let late = queue.insert(deadline, noop());
        for waker in &guests {
            queue.insert(deadline, waker.clone());
        }
        // The first place is free now, and the last timer gets it.
        assert!(queue.remove(late).is_some());
        let last = Guest::new().waker();
        queue.insert(deadline, last.clone());
        let due = queue.take_due(deadline);
        assert_eq!(due.len(), 101);
        let order = guests.iter().chain([&last]);
        assert!(due.iter().zip(order).all(|(a, b)| a.will_wake(b)));
    }

    #[test]
    fn a_page_has_no_more_places_than_it_had_timers_at_the_same_time() {
        let start = Instant::now();
        let mut queue = Queue::new(start);
        queue.insert(start, noop());
        let minute = start + 60_000 * MILLISECOND;
        let waits = queue.insert(minute, noop());
        for _ in 0..100_000 {
            let key = queue.insert(minute, noop());
            assert!(queue.remove(key).is_some());
        }
        assert_eq!((queue.len(), places(&queue)), (2, 3));
        assert!(queue.remove(waits).is_some());
        assert_eq!((queue.pages.len(), places(&queue)), (1, 1));
    }

    #[test]
    fn a_key_that_has_gone_takes_no_other_timer_out() {
        let start = Instant::now();
        let mut queue = Queue::new(start);
        queue.insert(start, noop());
        let deadline = start + 100 * MILLISECOND;
        queue.insert(deadline, noop());
        let gone = queue.insert(deadline, noop());
        assert!(queue.remove(gone).is_some());
        let new = queue.insert(deadline, noop());
        assert_eq!(new.place, gone.place);
        assert!(queue.remove(gone).is_none());
        // And after its page was sorted.
        assert_eq!(queue.take_due(start).len(), 1);
        assert_eq!(queue.first(), Some(deadline));
        assert!(queue.remove(gone).is_none());
        assert!(queue.remove(new).is_some());
        assert_eq!(queue.len(), 1);
    }

    #[test]
    fn only_the_first_page_is_sorted() {
        let start = Instant::now();
        let mut queue = Queue::new(start);
        for page in (0..5).rev() {
            queue.insert(start + page * 16 * MILLISECOND, noop());
        }
        assert_eq!(queue.first(), Some(start));
        let sorted = |page: &&Page| matches!(page, Page::Sorted(_));
        assert_eq!(queue.pages.values().filter(sorted).count(), 1);
        assert_eq!(queue.take_due(start).len(), 1);
        assert_eq!(queue.pages.values().filter(sorted).count(), 1);
    }
}
