//! A channel with a fixed number of places, for programs to repair.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};

thread_local! {
    static LAST_WAIT: Cell<Option<Wait>> = const { Cell::new(None) };
    static PLACES: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Where something waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// In a send, for a place.
    Send,
    /// In a receive, for a value or the end.
    Recv,
}

/// Where this thread waited last.
pub fn last_wait() -> Option<Wait> {
    LAST_WAIT.get()
}

/// How many places the newest channel of this thread has.
pub fn places() -> Option<usize> {
    PLACES.get()
}

struct State<T> {
    queue: VecDeque<T>,
    places: usize,
    senders: usize,
    /// Everyone who waits, at either end. Each change wakes all.
    waiting: Vec<Waker>,
}

struct Shared<T>(Mutex<State<T>>);

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().expect("nothing panics under this lock")
    }

    /// Lets everyone who waits look again.
    fn unlock(mut state: MutexGuard<'_, State<T>>) {
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }

    async fn until<R>(
        &self,
        wait: Wait,
        mut done: impl FnMut(&mut State<T>) -> Option<R>,
    ) -> R {
        poll_fn(|cx| {
            let waker = cx.waker().clone();
            let mut state = self.lock();
            if let Some(result) = done(&mut state) {
                Shared::unlock(state);
                return Poll::Ready(result);
            }
            state.waiting.push(waker);
            LAST_WAIT.set(Some(wait));
            Poll::Pending
        })
        .await
    }
}

/// Gives values; can be cloned.
pub struct Sender<T>(Arc<Shared<T>>);

/// Takes the values.
pub struct Receiver<T>(Arc<Shared<T>>);

/// A channel that holds so many values.
pub fn channel<T>(places: usize) -> (Sender<T>, Receiver<T>) {
    PLACES.set(Some(places));
    let state = State {
        queue: VecDeque::new(),
        places,
        senders: 1,
        waiting: Vec::new(),
    };
    let shared = Arc::new(Shared(Mutex::new(state)));
    (Sender(shared.clone()), Receiver(shared))
}

impl<T> Sender<T> {
    /// Waits for a place and puts the value there.
    pub async fn send(&self, value: T) {
        let mut value = Some(value);
        let place = |state: &mut State<T>| {
            let is_free = state.queue.len() < state.places;
            is_free.then(|| state.queue.extend(value.take()))
        };
        self.0.until(Wait::Send, place).await;
    }
}

impl<T> Receiver<T> {
    /// Waits for the next value. `None` when all senders are gone and all
    /// values were taken.
    pub async fn recv(&mut self) -> Option<T> {
        let next = |state: &mut State<T>| match state.queue.pop_front() {
            None if state.senders > 0 => None,
            value => Some(value),
        };
        self.0.until(Wait::Recv, next).await
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        self.0.lock().senders += 1;
        Sender(self.0.clone())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.senders -= 1;
        Shared::unlock(state);
    }
}
