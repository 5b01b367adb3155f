//! Exercise to runtimes/reactor.html: a reader and a writer at one connection.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// One end of a connection: bytes that have arrived, and room to write.
#[derive(Default)]
pub struct Connection(Mutex<State>);

// ANCHOR: stub
#[derive(Default)]
struct State {
    arrived: VecDeque<u8>,
    room: usize,
    waiting: Option<Waker>,
}

// One task reads from a connection, and another one writes to it. Now and
// then one of them hangs. Repair it: change the fields as you like.
impl Connection {
    /// Takes a byte that has arrived, or waits for one.
    pub fn poll_read(&self, cx: &mut Context<'_>) -> Poll<u8> {
        let mut state = self.lock();
        match state.arrived.pop_front() {
            Some(byte) => Poll::Ready(byte),
            None => {
                state.waiting.get_or_insert_with(|| cx.waker().clone());
                Poll::Pending
            }
        }
    }

    /// Writes a byte, or waits until there is room for it.
    pub fn poll_write(&self, cx: &mut Context<'_>, _byte: u8) -> Poll<()> {
        let mut state = self.lock();
        if state.room > 0 {
            state.room -= 1;
            return Poll::Ready(());
        }
        state.waiting.get_or_insert_with(|| cx.waker().clone());
        Poll::Pending
    }

    /// The system: a byte has arrived.
    pub fn arrives(&self, byte: u8) {
        let mut state = self.lock();
        state.arrived.push_back(byte);
        if let Some(waker) = mem::take(&mut state.waiting) {
            waker.wake();
        }
    }

    /// The system: there is room for one more byte.
    pub fn has_room(&self) {
        let mut state = self.lock();
        state.room += 1;
        if let Some(waker) = mem::take(&mut state.waiting) {
            waker.wake();
        }
    }
}
// ANCHOR_END: stub

impl Connection {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
