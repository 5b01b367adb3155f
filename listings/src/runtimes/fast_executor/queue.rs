//! A queue that holds each task at most once, and a waker that puts its task
//! there: without a lock on the executor's own thread, with one from others.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};
use std::thread::{self, Thread};

// ANCHOR: keys
/// The number of a task's place in its executor.
pub type Key = usize;

/// A first-in, first-out queue in which each key stands at most once.
#[derive(Debug)]
struct Keys {
    /// For each key the one behind it; `LAST`; or `OUT`, not in the queue.
    behind: Vec<Key>,
    first: Key,
    last: Key,
}

const LAST: Key = Key::MAX;
const OUT: Key = Key::MAX - 1;

impl Keys {
    #[inline]
    fn push(&mut self, key: Key) {
        if key >= self.behind.len() {
            self.grow(key);
        }
        if self.behind[key] != OUT {
            return;
        }
        self.behind[key] = LAST;
        match self.behind.get_mut(self.last) {
            Some(behind_last) => *behind_last = key,
            None => self.first = key,
        }
        self.last = key;
    }

    #[inline]
    fn pop(&mut self) -> Option<Key> {
        let key = self.first;
        let behind = self.behind.get_mut(key)?;
        self.first = mem::replace(behind, OUT);
        if self.first == LAST {
            self.last = LAST;
        }
        Some(key)
    }
}
// ANCHOR_END: keys

impl Keys {
    #[cold]
    fn grow(&mut self, key: Key) {
        self.behind.resize(key + 1, OUT);
    }
}

impl Default for Keys {
    fn default() -> Self {
        Keys { behind: Vec::new(), first: LAST, last: LAST }
    }
}

// ANCHOR: queue
/// The tasks to poll.
#[derive(Debug)]
pub struct Queue {
    keys: RefCell<Keys>,
    inbox: Arc<Inbox>,
}

/// The part of a queue that other threads reach.
#[derive(Debug)]
struct Inbox {
    keys: Mutex<Keys>,
    /// Whether there are keys. Written under the lock only.
    filled: AtomicBool,
    owner: Thread,
}

impl Inbox {
    #[cold]
    fn push(&self, key: Key) {
        let mut keys = self.lock();
        keys.push(key);
        self.filled.store(true, Ordering::Relaxed);
        drop(keys);
        self.owner.unpark();
    }

    fn lock(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
// ANCHOR_END: queue

// ANCHOR: wake
/// The inside of a task's waker.
struct Signal {
    key: Key,
    inbox: Arc<Inbox>,
}

thread_local! {
    /// The queue of the executor that is running on this thread.
    static HERE: RefCell<Option<Rc<Queue>>> = const { RefCell::new(None) };
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    #[inline]
    fn wake_by_ref(self: &Arc<Self>) {
        let pushed = HERE.try_with(|here| match &*here.borrow() {
            Some(queue) if Arc::ptr_eq(&queue.inbox, &self.inbox) => {
                queue.push(self.key);
                true
            }
            _ => false,
        });
        // An error: the thread is ending, and nothing runs on it any more.
        if !pushed.unwrap_or(false) {
            self.inbox.push(self.key);
        }
    }
}
// ANCHOR_END: wake

// ANCHOR: pop
impl Queue {
    /// Puts `key` at the end, if it is not in the queue.
    #[inline]
    pub fn push(&self, key: Key) {
        self.keys.borrow_mut().push(key);
    }

    /// Takes the first key.
    #[inline]
    pub fn pop(&self) -> Option<Key> {
        if self.inbox.filled.load(Ordering::Relaxed) {
            self.empty_inbox();
        }
        self.keys.borrow_mut().pop()
    }

    #[cold]
    fn empty_inbox(&self) {
        let mut inbox = self.inbox.lock();
        self.inbox.filled.store(false, Ordering::Relaxed);
        while let Some(key) = inbox.pop() {
            self.push(key);
        }
    }

    /// Sleeps until something is in the inbox.
    #[cold]
    pub fn sleep(&self) {
        while !self.inbox.filled.load(Ordering::Relaxed) {
            thread::park();
        }
    }
}
// ANCHOR_END: pop

impl Queue {
    /// An empty queue of this thread.
    pub fn new() -> Rc<Self> {
        let inbox = Arc::new(Inbox {
            keys: Mutex::default(),
            filled: AtomicBool::new(false),
            owner: thread::current(),
        });
        Rc::new(Queue { keys: RefCell::default(), inbox })
    }

    /// A waker that puts `key` into the queue.
    pub fn waker(&self, key: Key) -> Waker {
        Waker::from(Arc::new(Signal { key, inbox: self.inbox.clone() }))
    }

    /// Makes this the queue that is running on the thread, until the guard is
    /// dropped.
    pub fn enter(self: &Rc<Self>) -> Entered {
        Entered { outer: HERE.with(|here| here.replace(Some(self.clone()))) }
    }
}

/// See [`Queue::enter`].
#[derive(Debug)]
pub struct Entered {
    outer: Option<Rc<Queue>>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        HERE.with(|here| here.replace(self.outer.take()));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::proof::watchdog;

    fn drain(queue: &Queue) -> Vec<Key> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn keys_come_out_in_the_order_in_which_they_went_in() {
        let queue = Queue::new();
        for round in [[3, 1, 2], [2, 3, 1]] {
            round.iter().for_each(|key| queue.push(*key));
            assert_eq!(drain(&queue), round);
        }
    }

    #[test]
    fn a_key_that_waits_is_not_queued_again() {
        let queue = Queue::new();
        [1, 2, 1, 1].iter().for_each(|key| queue.push(*key));
        assert_eq!(queue.pop(), Some(1));
        queue.push(1);
        assert_eq!(drain(&queue), [2, 1]);
    }

    #[test]
    fn a_wake_where_the_queue_runs_needs_no_inbox() {
        let queue = Queue::new();
        let waker = queue.waker(7);
        let entered = queue.enter();
        waker.wake_by_ref();
        assert!(!queue.inbox.filled.load(Ordering::Relaxed));
        assert_eq!(drain(&queue), [7]);
        drop(entered);
        waker.wake_by_ref();
        assert!(queue.inbox.filled.load(Ordering::Relaxed));
        assert_eq!(drain(&queue), [7]);
    }

    #[test]
    fn a_wake_where_another_queue_runs_goes_to_the_inbox() {
        let (outer, inner) = (Queue::new(), Queue::new());
        let _outer = outer.enter();
        let entered = inner.enter();
        outer.waker(1).wake();
        inner.waker(2).wake();
        assert!(outer.inbox.filled.load(Ordering::Relaxed));
        drop(entered);
        outer.waker(3).wake();
        assert_eq!(drain(&inner), [2]);
        assert_eq!(drain(&outer), [3, 1]);
    }

    #[test]
    fn many_wakes_from_another_thread_are_one() {
        let queue = Queue::new();
        let waker = queue.waker(4);
        let wakes = move || (0..3).for_each(|_| waker.wake_by_ref());
        thread::spawn(wakes).join().unwrap();
        assert_eq!(drain(&queue), [4]);
    }

    #[test]
    fn an_unpark_that_is_no_wake_is_slept_through() {
        let slept = watchdog(Duration::from_secs(30), || {
            let (sender, wakers) = channel();
            let sleeper = thread::spawn(move || {
                let queue = Queue::new();
                sender.send((queue.waker(9), thread::current())).unwrap();
                queue.sleep();
                drain(&queue)
            });
            let (waker, thread) = wakers.recv().unwrap();
            (0..100).for_each(|_| thread.unpark());
            assert!(!sleeper.is_finished(), "nothing is in the inbox");
            waker.wake();
            sleeper.join().unwrap()
        });
        assert_eq!(slept, Ok(vec![9]));
    }

    #[test]
    fn a_wake_is_kept_while_its_thread_is_awake() {
        let slept = watchdog(Duration::from_secs(30), || {
            let queue = Queue::new();
            let waker = queue.waker(5);
            thread::spawn(|| waker.wake()).join().unwrap();
            // Somebody else takes the token.
            thread::park();
            queue.sleep();
            drain(&queue)
        });
        assert_eq!(slept, Ok(vec![5]));
    }

    #[test]
    fn a_thousand_wakes_from_another_thread_arrive_in_order() {
        let run = || {
            let queue = Queue::new();
            let wakers: Vec<_> = (0..1000).map(|k| queue.waker(k)).collect();
            thread::spawn(|| wakers.into_iter().for_each(Waker::wake));
            let mut got = Vec::new();
            while got.len() < 1000 {
                match queue.pop() {
                    Some(key) => got.push(key),
                    None => queue.sleep(),
                }
            }
            got
        };
        let got = watchdog(Duration::from_secs(30), run);
        assert_eq!(got, Ok((0..1000).collect()));
    }
}
