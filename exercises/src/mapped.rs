//! Exercise to boundary/map-async.html: a future around a callback, for a
//! buffer without a GPU.

use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

/// Why a buffer was not mapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused;

type Callback = Box<dyn FnOnce(Result<(), Refused>) + Send>;

#[derive(Default)]
enum State {
    #[default]
    Idle,
    Waiting(Callback),
    Mapped,
}

/// A buffer that needs no GPU. It behaves as one of wgpu.
#[derive(Clone, Default)]
pub struct Buffer(Arc<Mutex<State>>);

impl Buffer {
    fn replace(&self, with: State) -> State {
        mem::replace(&mut *self.0.lock().expect("nobody panics"), with)
    }

    /// Asks for the buffer. `callback` runs when somebody polls, or at once,
    /// with an error, when the buffer is mapped or asked for already.
    pub fn map_async(
        &self,
        callback: impl FnOnce(Result<(), Refused>) + Send + 'static,
    ) {
        let mut state = self.0.lock().expect("nobody panics");
        if let State::Idle = *state {
            *state = State::Waiting(Box::new(callback));
            return;
        }
        drop(state);
        callback(Err(Refused));
    }

    /// What the device does when it is polled: maps what was asked for.
    pub fn poll(&self) {
        let mut state = self.0.lock().expect("nobody panics");
        match mem::replace(&mut *state, State::Mapped) {
            State::Waiting(callback) => {
                drop(state);
                callback(Ok(()));
            }
            before => *state = before,
        }
    }

    /// Takes a request back, whose callback runs here with an error, or ends
    /// the mapping.
    ///
    /// # Panics
    /// When there is neither.
    pub fn unmap(&self) {
        match self.replace(State::Idle) {
            State::Waiting(callback) => callback(Err(Refused)),
            State::Mapped => {}
            State::Idle => panic!("the buffer is not mapped"),
        }
    }

    pub fn is_mapped(&self) -> bool {
        let state = self.0.lock().expect("nobody panics");
        matches!(*state, State::Mapped)
    }
}

// ANCHOR: stub
/// A future of whether a buffer was mapped. Dropped before it is ready, it
/// takes the request back with `buffer.unmap()`.
pub struct Mapping {
    // Your fields.
}

/// Asks at once for `buffer`, with `buffer.map_async(|result| …)`. The
/// callback is `Send` and `'static`.
pub fn map(buffer: &Buffer) -> Mapping {
    let _ = buffer;
    todo!("the callback leaves its result and wakes")
}

impl Future for Mapping {
    type Output = Result<(), Refused>;

    fn poll(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let _ = context;
        todo!("look for the result, or leave a waker")
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // What is there to take back? And what does `unmap` call?
    }
}
// ANCHOR_END: stub
