//! The smallest reactor: it watches one socket and keeps one waker.

use std::fmt;
use std::io;
use std::mem;
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use polling::{Event, Events, Poller};

// ANCHOR: reactor
/// What the reactor calls its only socket when it talks with the kernel.
const KEY: usize = 0;

/// Watches one socket, and wakes the task that waits for it.
pub struct Reactor {
    poller: Arc<Poller>,
    socket: TcpStream,
    waker: Mutex<Option<Waker>>,
    tell: Box<dyn Fn(Step) + Send + Sync>,
}

impl Reactor {
    /// Keeps the waker, then asks the kernel to watch the socket for bytes.
    pub fn watch(&self, waker: &Waker) -> io::Result<()> {
        let waker = Some(waker.clone());
        let old = mem::replace(&mut *self.lock(), waker);
        drop(old);
        self.tell(Step::Watch);
        self.poller.modify(&self.socket, Event::readable(KEY))
    }

    /// Sleeps in the kernel until the socket has bytes, and wakes the task.
    /// Returns earlier when a waker of [`Reactor::waker`] is woken.
    pub fn wait(&self) -> io::Result<()> {
        let mut events = Events::new();
        self.tell(Step::Wait);
        self.poller.wait(&mut events, None)?;
        if events.is_empty() {
            return Ok(());
        }
        self.tell(Step::Readable);
        let waker = self.lock().take();
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }
}
// ANCHOR_END: reactor

// ANCHOR: step
/// What happens between the task, the reactor and the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The task asks the kernel for bytes, and there are none yet.
    WouldBlock,
    /// The reactor has the waker, and asks the kernel to watch the socket.
    Watch,
    /// A thread goes to sleep in the kernel.
    Wait,
    /// The kernel says that the socket has bytes.
    Readable,
    /// The task asks the kernel for bytes, and gets so many.
    Bytes(usize),
}
// ANCHOR_END: step

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::WouldBlock => f.write_str("read: no bytes yet"),
            Step::Watch => f.write_str("reactor: watch the socket"),
            Step::Wait => f.write_str("reactor: wait in the kernel"),
            Step::Readable => f.write_str("kernel: the socket has bytes"),
            Step::Bytes(count) => write!(f, "read: {count} bytes"),
        }
    }
}

impl Reactor {
    // ANCHOR: new
    /// A reactor for `socket`, which tells `tell` of each step.
    ///
    /// # Errors
    /// When the kernel cannot watch the socket.
    pub fn new(
        socket: TcpStream,
        tell: impl Fn(Step) + Send + Sync + 'static,
    ) -> io::Result<Reactor> {
        socket.set_nonblocking(true)?;
        let poller = Arc::new(Poller::new()?);
        // SAFETY: the socket stays open until `drop` has deleted it.
        unsafe { poller.add(&socket, Event::none(KEY))? };
        let (waker, tell) = (Mutex::new(None), Box::new(tell));
        Ok(Reactor { poller, socket, waker, tell })
    }

    /// A waker that ends [`Reactor::wait`], from any thread.
    pub fn waker(&self) -> Waker {
        Waker::from(Arc::new(EndWait(self.poller.clone())))
    }
    // ANCHOR_END: new

    /// The socket that is watched.
    pub fn socket(&self) -> &TcpStream {
        &self.socket
    }

    pub(super) fn tell(&self, step: Step) {
        (self.tell)(step);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Waker>> {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct EndWait(Arc<Poller>);

impl Wake for EndWait {
    fn wake(self: Arc<Self>) {
        // The kernel refuses only when its counter is full, and then the wait
        // ends anyway.
        let _ = self.0.notify();
    }
}

impl Drop for Reactor {
    fn drop(&mut self) {
        // An error would say that the kernel has forgotten the socket already.
        let _ = self.poller.delete(&self.socket);
    }
}

impl fmt::Debug for Reactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reactor").finish_non_exhaustive()
    }
}

/// Two ends of a connection on this machine.
///
/// # Errors
/// When the system has no loopback, or no socket left.
pub fn connection() -> io::Result<(TcpStream, TcpStream)> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let here = TcpStream::connect(listener.local_addr()?)?;
    let (there, _) = listener.accept()?;
    Ok((here, there))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{OnceLock, Weak};
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Guest, Moment};
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn a_wait_ends_with_a_wake_when_bytes_come() {
        let run = || {
            let (here, mut there) = connection().unwrap();
            let reactor = Reactor::new(here, |_| {}).unwrap();
            let guest = Guest::new();
            reactor.watch(&guest.waker()).unwrap();
            there.write_all(b"!").unwrap();
            reactor.wait().unwrap();
            (guest.wakes(), guest.handles())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((1, 0)));
    }

    #[test]
    fn the_waker_of_the_reactor_ends_a_wait_and_wakes_nobody() {
        let run = || {
            let (here, _there) = connection().unwrap();
            let reactor = Reactor::new(here, |_| {}).unwrap();
            let guest = Guest::new();
            reactor.watch(&guest.waker()).unwrap();
            reactor.waker().wake();
            reactor.wait().unwrap();
            guest.wakes()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }

    #[test]
    fn the_waker_is_kept_before_the_kernel_is_asked() {
        let run = || {
            let (here, there) = connection().unwrap();
            let cell: Arc<OnceLock<Weak<Reactor>>> = Arc::default();
            let made = cell.clone();
            // Between the two steps, bytes come and a wait ends, as it may
            // when the reactor waits on another thread.
            let tell = move |step| {
                if step == Step::Watch {
                    (&there).write_all(b"!").unwrap();
                    let reactor = made.get().unwrap().upgrade().unwrap();
                    reactor.waker().wake();
                    reactor.wait().unwrap();
                }
            };
            let reactor = Arc::new(Reactor::new(here, tell).unwrap());
            cell.set(Arc::downgrade(&reactor)).unwrap();
            let guest = Guest::new();
            reactor.watch(&guest.waker()).unwrap();
            reactor.wait().unwrap();
            guest.wakes()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(1));
    }

    #[test]
    fn a_waker_that_comes_back_meets_no_lock() {
        let run = || {
            let (here, mut there) = connection().unwrap();
            let reactor = Arc::new(Reactor::new(here, |_| {}).unwrap());
            let guest = Guest::new();
            for moment in [Moment::Clone, Moment::Wake, Moment::Drop] {
                let again = reactor.clone();
                guest.next(moment, move || {
                    again.watch(Waker::noop()).unwrap();
                });
            }
            reactor.watch(&guest.waker()).unwrap();
            reactor.watch(&guest.waker()).unwrap();
            there.write_all(b"!").unwrap();
            reactor.wait().unwrap();
            guest.deeds_left()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }
}
