//! Which task a worker takes next, and when it wakes another worker. It does
//! not know what a task is.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::idle::{Idle, Parker, Seat};
use super::queue::{Locks, Queue};

// ANCHOR: scheduler
/// What the workers of a pool share.
pub struct Scheduler<T> {
    /// One for each worker.
    queues: Vec<Queue<T>>,
    /// Tasks that were woken on a thread that is no worker.
    injector: Queue<T>,
    idle: Idle,
    parkers: Vec<Parker>,
    seat: Seat,
    closed: AtomicBool,
    woken: AtomicU64,
}
// ANCHOR_END: scheduler

// ANCHOR: worker
/// One worker. It stays on its thread.
pub struct Worker<T> {
    index: usize,
    /// The task that was woken last. No other worker can take it.
    slot: Cell<Option<T>>,
    /// How many tasks in a row came from the slot.
    from_slot: Cell<u32>,
    turns: Cell<u64>,
    scheduler: Arc<Scheduler<T>>,
}

/// How many tasks in a row a worker takes from its slot.
const IN_A_ROW: u32 = 3;
/// Once in so many turns a worker looks first at the driver and the injector.
const INTERVAL: u64 = 61;
/// How many tasks a worker takes from the injector.
const SHARE: usize = 8;
// ANCHOR_END: worker

// ANCHOR: schedule
impl<T> Worker<T> {
    /// Takes a task that was woken on this worker: it runs next. The task
    /// that was in the slot goes to the queue.
    pub fn schedule(&self, task: T) {
        if let Some(before) = self.slot.replace(Some(task)) {
            self.queue().push(before);
            // There is a task besides the next one.
            self.scheduler.wake_one();
        }
    }

    /// Takes a task that was woken in its own poll: it goes to the end.
    pub fn schedule_again(&self, task: T) {
        if self.queue().push(task) > 0 || self.has_next() {
            self.scheduler.wake_one();
        }
    }
}

impl<T> Scheduler<T> {
    /// Takes a task that was woken on a thread that is no worker.
    pub fn inject(&self, task: T) {
        self.injector.push(task);
        self.wake_one();
        if self.is_closed() {
            // The pool ends, and may have emptied its queues before the push.
            drop(self.drain());
        }
    }

    fn wake_one(&self) {
        if let Some(worker) = self.idle.to_wake() {
            self.woken.fetch_add(1, Ordering::Relaxed);
            self.parkers[worker].unpark(&self.seat);
        }
    }
}
// ANCHOR_END: schedule

// ANCHOR: next
impl<T> Worker<T> {
    /// The next task, after a sleep if need be. None when the pool ends.
    pub fn next(&self) -> Option<T> {
        let scheduler = &*self.scheduler;
        if scheduler.is_closed() {
            return None;
        }
        if let Some(task) = self.own() {
            return Some(task);
        }
        scheduler.idle.search();
        loop {
            if scheduler.is_closed() {
                return None;
            }
            let found = self.own().or_else(|| self.inject_or_steal());
            if let Some(task) = found {
                // Others may have counted on our search.
                if scheduler.idle.found() && scheduler.has_tasks() {
                    scheduler.wake_one();
                }
                return Some(task);
            }
            self.sleep();
        }
    }
}
// ANCHOR_END: next

// ANCHOR: own
impl<T> Worker<T> {
    /// The next of its own tasks.
    fn own(&self) -> Option<T> {
        let turns = self.turns.replace(self.turns.get() + 1);
        if turns % INTERVAL == INTERVAL - 1 {
            if let Some(seated) = self.scheduler.seat.take() {
                seated.turn(Some(Duration::ZERO));
            }
            let injected = self.scheduler.injector.take(1).pop_front();
            let comes_first = injected.is_some() || self.has_next();
            if comes_first && !self.queue().is_empty() {
                // For a task that yields, no other worker was woken yet.
                self.scheduler.wake_one();
            }
            if injected.is_some() {
                return injected;
            }
        }
        if let Some(task) = self.slot.take() {
            let in_a_row = self.from_slot.replace(self.from_slot.get() + 1);
            if in_a_row < IN_A_ROW {
                return Some(task);
            }
            self.queue().push(task);
        }
        self.from_slot.set(0);
        self.queue().pop()
    }
}
// ANCHOR_END: own

// ANCHOR: steal
impl<T> Worker<T> {
    /// A task from the injector, or from another worker.
    fn inject_or_steal(&self) -> Option<T> {
        let Scheduler { queues, injector, .. } = &*self.scheduler;
        let mut tasks = injector.take(SHARE);
        // The next worker first, then the one after it, and so on.
        let mut others = 1..queues.len();
        while tasks.is_empty() {
            let other = self.index + others.next()?;
            tasks = queues[other % queues.len()].steal_half();
        }
        let first = tasks.pop_front();
        self.queue().extend(tasks);
        first
    }
}
// ANCHOR_END: steal

// ANCHOR: sleep
impl<T> Worker<T> {
    /// Sleeps until there may be something to do.
    fn sleep(&self) {
        let scheduler = &*self.scheduler;
        scheduler.idle.sleeps(self.index);
        while !self.may_go_on() {
            scheduler.parkers[self.index].park(&scheduler.seat);
            if !scheduler.idle.is_asleep(self.index) {
                break;
            }
        }
        scheduler.idle.is_up(self.index);
    }

    /// The last look before a sleep, and the first after it.
    fn may_go_on(&self) -> bool {
        self.has_next()
            || self.scheduler.has_tasks()
            || self.scheduler.is_closed()
    }
}

impl<T> Scheduler<T> {
    fn has_tasks(&self) -> bool {
        let mut queues = self.queues.iter().chain([&self.injector]);
        queues.any(|queue| !queue.is_empty())
    }
}
// ANCHOR_END: sleep

impl<T> Scheduler<T> {
    /// A scheduler and its workers.
    pub fn new(workers: usize, seat: Seat) -> (Arc<Self>, Vec<Worker<T>>) {
        let scheduler = Arc::new(Scheduler {
            queues: (0..workers).map(|_| Queue::default()).collect(),
            injector: Queue::default(),
            idle: Idle::default(),
            parkers: (0..workers).map(|_| Parker::default()).collect(),
            seat,
            closed: AtomicBool::new(false),
            woken: AtomicU64::new(0),
        });
        let worker = |index| Worker {
            index,
            slot: Cell::new(None),
            from_slot: Cell::new(0),
            turns: Cell::new(0),
            scheduler: scheduler.clone(),
        };
        let workers = (0..workers).map(worker).collect();
        (scheduler, workers)
    }

    /// Ends the workers, each after the task that it has.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        for parker in &self.parkers {
            parker.unpark(&self.seat);
        }
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// The locks of the workers' queues, and of the injector.
    pub fn locks(&self) -> (Vec<Locks>, Locks) {
        let queues = self.queues.iter().map(Queue::locks).collect();
        (queues, self.injector.locks())
    }

    /// How often a worker was woken for work.
    pub fn woken(&self) -> u64 {
        self.woken.load(Ordering::Relaxed)
    }

    /// Takes every task out of the queues.
    pub fn drain(&self) -> Vec<T> {
        let queues = self.queues.iter().chain([&self.injector]);
        queues.flat_map(|queue| queue.take(usize::MAX)).collect()
    }
}

impl<T> Worker<T> {
    fn queue(&self) -> &Queue<T> {
        &self.scheduler.queues[self.index]
    }

    /// Whether it is a worker of this scheduler.
    pub fn belongs_to(&self, scheduler: &Arc<Scheduler<T>>) -> bool {
        Arc::ptr_eq(&self.scheduler, scheduler)
    }

    /// Drops what is left in the queues when the pool has ended.
    pub fn ends(&self) {
        drop(self.scheduler.drain());
    }

    /// Whether there is a task in the slot.
    fn has_next(&self) -> bool {
        let next = self.slot.take();
        let filled = next.is_some();
        self.slot.set(next);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);

    impl<T> Scheduler<T> {
        /// How many workers sleep, and not in the driver.
        pub fn sleeping(&self) -> usize {
            self.parkers.iter().filter(|parker| parker.sleeps()).count()
        }
    }

    fn two() -> (Arc<Scheduler<u32>>, [Worker<u32>; 2]) {
        let (scheduler, workers) = Scheduler::new(2, Seat::default());
        (scheduler, workers.try_into().ok().unwrap())
    }

    fn take(worker: &Worker<u32>, tasks: usize) -> Vec<u32> {
        (0..tasks).map_while(|_| worker.next()).collect()
    }

    #[test]
    fn the_task_that_was_woken_last_is_next_and_then_come_the_others() {
        let (_scheduler, [one, _]) = two();
        (1..=4).for_each(|task| one.schedule(task));
        one.schedule_again(5);
        assert_eq!(take(&one, 5), [4, 1, 2, 3, 5]);
    }

    #[test]
    fn after_three_from_the_slot_the_queue_has_its_turn() {
        let (_scheduler, [one, _]) = two();
        one.schedule_again(0);
        let mut order = Vec::new();
        for task in 1..=5 {
            one.schedule(task);
            order.extend(one.next());
        }
        assert_eq!(order, [1, 2, 3, 0, 5]);
        assert_eq!(take(&one, 1), [4]);
    }

    #[test]
    fn a_thief_takes_half_of_the_queue_and_not_the_slot() {
        let (_scheduler, [one, two]) = two();
        (1..=5).for_each(|task| one.schedule(task));
        // Four are in the queue, and the fifth is in the slot.
        assert_eq!(take(&two, 2), [1, 2]);
        assert_eq!(two.scheduler.queues[0].pop(), Some(3));
        assert_eq!(take(&two, 1), [4]);
        assert_eq!(take(&one, 1), [5]);
    }

    #[test]
    fn a_worker_looks_into_the_injector_though_it_is_busy() {
        let (scheduler, [one, _]) = two();
        scheduler.inject(0);
        one.schedule_again(1);
        let mut turns = 0;
        while one.next() != Some(0) {
            one.schedule_again(1);
            turns += 1;
        }
        assert_eq!(turns, INTERVAL - 1);
    }

    #[test]
    fn a_closed_one_gives_and_keeps_nothing() {
        let (scheduler, [one, _]) = two();
        one.schedule_again(1);
        scheduler.close();
        scheduler.inject(2);
        assert_eq!(one.next(), None);
        assert!(!scheduler.has_tasks());
    }

    #[test]
    fn a_drain_takes_what_is_in_any_queue() {
        let (scheduler, [one, two]) = two();
        scheduler.inject(3);
        one.schedule_again(1);
        two.schedule_again(2);
        assert_eq!(scheduler.drain(), [1, 2, 3]);
        assert_eq!(scheduler.drain(), []);
    }

    #[test]
    fn a_worker_that_ends_drops_what_is_in_the_queues() {
        let (scheduler, [one, two]) = two();
        scheduler.inject(3);
        two.schedule_again(2);
        one.ends();
        assert_eq!(scheduler.drain(), []);
    }

    #[test]
    fn a_worker_belongs_to_one_scheduler() {
        let ((scheduler, [one, _]), (other, _)) = (two(), two());
        assert!(one.belongs_to(&scheduler));
        assert!(!one.belongs_to(&other));
    }

    #[test]
    fn the_last_look_before_a_sleep_sees_a_task_wherever_it_is() {
        let (scheduler, [one, two]) = two();
        assert!(!one.may_go_on());
        two.schedule_again(1);
        assert!(one.may_go_on(), "it can steal");
        assert_eq!(two.own(), Some(1));
        scheduler.inject(2);
        assert!(one.may_go_on(), "it can take from the injector");
        assert_eq!(one.inject_or_steal(), Some(2));
        one.schedule(3);
        assert!(one.may_go_on(), "it has one in its slot");
    }

    #[test]
    fn the_last_to_search_wakes_another_where_more_than_one_task_is_left() {
        let woken_for = |tasks: u32| {
            let (scheduler, [one, _]) = two();
            scheduler.idle.search();
            scheduler.idle.sleeps(1);
            // They came while it searched, so nobody was woken for them.
            for task in 0..tasks {
                scheduler.injector.push(task);
            }
            let first = watchdog(LIMIT, move || one.next());
            (first, scheduler.woken())
        };
        assert_eq!(woken_for(1), (Ok(Some(0)), 0));
        assert_eq!(woken_for(2), (Ok(Some(0)), 1));
    }

    #[test]
    fn a_task_that_wakes_itself_wakes_a_worker_only_where_another_is_ready() {
        let one_sleeps = || {
            let (scheduler, workers) = two();
            scheduler.idle.search();
            scheduler.idle.sleeps(1);
            (scheduler, workers)
        };
        let (scheduler, [one, _]) = one_sleeps();
        one.schedule_again(1);
        assert_eq!(scheduler.woken(), 0, "its own worker runs it next");
        one.schedule_again(2);
        assert_eq!(scheduler.woken(), 1);

        let (scheduler, [one, _]) = one_sleeps();
        one.schedule(1);
        one.schedule_again(2);
        assert_eq!(scheduler.woken(), 1);
    }
}
