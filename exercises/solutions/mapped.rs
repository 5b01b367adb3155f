//! Exercise to boundary/map-async.html: write the map future of the page.

use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

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

#[derive(Default)]
struct Shared {
    result: Option<Result<(), Refused>>,
    waker: Option<Waker>,
}

/// A future of whether a buffer was mapped. Dropped before it is ready, it
/// takes the request back.
pub struct Mapping {
    shared: Arc<Mutex<Shared>>,
    /// `None` when there is nothing to take back.
    buffer: Option<Buffer>,
}

/// Asks at once for `buffer`.
pub fn map(buffer: &Buffer) -> Mapping {
    let shared: Arc<Mutex<Shared>> = Arc::default();
    let its = shared.clone();
    buffer.map_async(move |result| {
        let mut shared = its.lock().expect("nobody panics");
        shared.result = Some(result);
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    Mapping { shared, buffer: Some(buffer.clone()) }
}

impl Future for Mapping {
    type Output = Result<(), Refused>;

    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let newest = context.waker().clone();
        let mut shared = self.shared.lock().expect("nobody panics");
        let Some(result) = shared.result.clone() else {
            let old = shared.waker.replace(newest);
            drop(shared);
            drop(old);
            return Poll::Pending;
        };
        drop(shared);
        self.buffer = None;
        Poll::Ready(result)
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        let shared = self.shared.lock().expect("nobody panics");
        let was_refused = matches!(shared.result, Some(Err(_)));
        // The callback locks, and `unmap` may run it.
        drop(shared);
        if let (false, Some(buffer)) = (was_refused, self.buffer.take()) {
            buffer.unmap();
        }
    }
}
