//! Two tasks at one connection, each with a place for its waker.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// One end of a connection: bytes that have arrived, and room to write.
#[derive(Default)]
pub struct Connection(Mutex<State>);

#[derive(Default)]
struct State {
    arrived: VecDeque<u8>,
    room: usize,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Connection {
    /// Takes a byte that has arrived, or waits for one.
    pub fn poll_read(&self, cx: &mut Context<'_>) -> Poll<u8> {
        let waker = cx.waker().clone();
        let mut state = self.lock();
        if let Some(byte) = state.arrived.pop_front() {
            return Poll::Ready(byte);
        }
        let old = state.reader.replace(waker);
        drop(state);
        drop(old);
        Poll::Pending
    }

    /// Writes a byte, or waits until there is room for it.
    pub fn poll_write(&self, cx: &mut Context<'_>, _byte: u8) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut state = self.lock();
        if state.room > 0 {
            state.room -= 1;
            return Poll::Ready(());
        }
        let old = state.writer.replace(waker);
        drop(state);
        drop(old);
        Poll::Pending
    }

    /// The system: a byte has arrived.
    pub fn arrives(&self, byte: u8) {
        let mut state = self.lock();
        state.arrived.push_back(byte);
        let reader = mem::take(&mut state.reader);
        drop(state);
        reader.into_iter().for_each(Waker::wake);
    }

    /// The system: there is room for one more byte.
    pub fn has_room(&self) {
        let mut state = self.lock();
        state.room += 1;
        let writer = mem::take(&mut state.writer);
        drop(state);
        writer.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
