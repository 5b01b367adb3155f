//! What the tests watch an exercise with.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

/// No right answer takes nearly as long.
const LIMIT: Duration = Duration::from_secs(5);

/// What a failed test says: the contract, and where the book explains it.
pub fn why(page: &str, contract: &str) -> String {
    let mut text = String::from("\n\n ");
    let mut width = 0;
    for word in contract.split(' ') {
        if width + word.len() > 70 {
            text += "\n ";
            width = 0;
        }
        text += " ";
        text += word;
        width += word.len() + 1;
    }
    text + &format!("\n  In the book (`cargo book --open`): {page}\n")
}

/// The same where two values are compared.
pub fn differs(page: &str, contract: &str) -> String {
    why(page, contract) + "  On the left is yours, on the right the expected:"
}

/// Runs a test on a thread of its own, so that one that hangs fails.
#[track_caller]
pub fn watched(page: &str, hangs: &str, test: impl FnOnce() + Send + 'static) {
    let (done, is_done) = channel();
    let name = thread::current().name().unwrap_or("the test").to_string();
    let thread = thread::Builder::new().name(name).spawn(move || {
        test();
        // The receiver is gone only after the limit.
        let _ = done.send(());
    });
    let thread = thread.expect("there is room for a thread");
    match is_done.recv_timeout(LIMIT) {
        Ok(()) => {}
        Err(RecvTimeoutError::Timeout) => {
            panic!("it hangs: no end within {LIMIT:?}{}", why(page, hangs))
        }
        Err(RecvTimeoutError::Disconnected) => {
            let panic = thread.join().expect_err("it ended without a word");
            std::panic::resume_unwind(panic)
        }
    }
}

/// Stands for a task, and counts its wakes.
#[derive(Default)]
pub struct Task(AtomicU32);

impl Task {
    /// A new one.
    pub fn new() -> Arc<Task> {
        Arc::default()
    }

    /// A waker that leads to it.
    pub fn waker(self: &Arc<Self>) -> Waker {
        Waker::from(self.clone())
    }

    /// How often it was woken.
    pub fn wakes(&self) -> u32 {
        self.0.load(Relaxed)
    }

    /// How many wakers lead to it.
    pub fn wakers(self: &Arc<Self>) -> usize {
        Arc::strong_count(self) - 1
    }

    /// Polls `future` once as this task.
    pub fn poll<F: Future + Unpin>(
        self: &Arc<Self>,
        future: &mut F,
    ) -> Poll<F::Output> {
        let waker = self.waker();
        Pin::new(future).poll(&mut Context::from_waker(&waker))
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// A runner that sleeps until it is woken.
pub fn block_on<F: Future>(future: F) -> F::Output {
    struct Bell(std::sync::mpsc::SyncSender<()>);
    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            // A bell that rings already is as good.
            let _ = self.0.try_send(());
        }
    }
    let (bell, rings) = sync_channel(1);
    let waker = Waker::from(Arc::new(Bell(bell)));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return value;
        }
        rings.recv().expect("the waker holds the other end");
    }
}

/// A future that says how it is treated; see [`probe`].
pub struct Probe<T> {
    state: Arc<Mutex<ProbeState<T>>>,
}

/// The other end of a [`Probe`]: it decides and it sees.
pub struct Remote<T> {
    state: Arc<Mutex<ProbeState<T>>>,
}

struct ProbeState<T> {
    value: Option<T>,
    waker: Option<Waker>,
    polls: u32,
    over: bool,
    dropped: bool,
}

/// A future that is ready when [`Remote::set`] gives it a value.
pub fn probe<T>() -> (Probe<T>, Remote<T>) {
    let state = ProbeState {
        value: None,
        waker: None,
        polls: 0,
        over: false,
        dropped: false,
    };
    let state = Arc::new(Mutex::new(state));
    (Probe { state: state.clone() }, Remote { state })
}

impl<T> Future for Probe<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let mut state =
            self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.over {
            drop(state);
            let rule = "A future that was ready has given its value. Do not \
                        poll it again: remember that it is done.";
            panic!("{}", why("futures/poll.html#after-ready", rule));
        }
        state.polls += 1;
        if let Some(value) = state.value.take() {
            state.over = true;
            return Poll::Ready(value);
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for Probe<T> {
    fn drop(&mut self) {
        let mut state =
            self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.dropped = true;
        state.waker = None;
    }
}

impl<T> Remote<T> {
    /// Makes the future ready, and wakes whoever polled it last.
    pub fn set(&self, value: T) {
        let waker = {
            let mut state = self.state.lock().unwrap();
            state.value = Some(value);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// How often the future was polled.
    pub fn polls(&self) -> u32 {
        self.state.lock().unwrap().polls
    }

    /// Whether the future was dropped.
    pub fn is_dropped(&self) -> bool {
        self.state.lock().unwrap().dropped
    }
}
