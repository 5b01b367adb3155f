//! The reactor: it knows each socket by a number, sleeps until the system
//! tells of an event, and wakes who waits for it.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};
use std::time::Duration;

use polling::{Event, Events, Poller};

use super::source::{Socket, Source};
use crate::runtimes::executor::caught::catch;

// ANCHOR: reactor
/// Watches sockets, and wakes who waits for them. A clone is another handle.
#[derive(Clone)]
pub struct Reactor(Arc<Shared>);

struct Shared {
    poller: Poller,
    sources: Mutex<Sources>,
    /// Held by the thread that waits.
    events: Mutex<Events>,
}

#[derive(Default)]
struct Sources {
    by_key: BTreeMap<usize, Arc<Source<dyn Socket>>>,
    next_key: usize,
}
// ANCHOR_END: reactor

// ANCHOR: wait
impl Reactor {
    /// Sleeps until a socket is ready, somebody wakes [`waker`], or `timeout`
    /// has passed, and wakes who waits for these sockets. Returns how many.
    /// When another thread is waiting here, it returns at once.
    ///
    /// # Errors
    /// When the system cannot wait.
    ///
    /// [`waker`]: Reactor::waker
    pub fn wait(&self, timeout: Option<Duration>) -> io::Result<usize> {
        let Ok(mut events) = self.0.events.try_lock() else { return Ok(0) };
        events.clear();
        self.0.poller.wait(&mut events, timeout)?;
        let woken = events.iter().flat_map(|event| self.fired(event));
        let wakers: Vec<_> = woken.flatten().collect();
        drop(events);
        let count = wakers.len();
        for waker in wakers {
            // A panic in a foreign waker must not end the loop.
            let _ = catch(|| waker.wake());
        }
        Ok(count)
    }

    fn fired(&self, event: Event) -> [Option<Waker>; 2] {
        let source = self.lock().by_key.get(&event.key).cloned();
        match source {
            Some(source) => source.fired(event, &self.0.poller),
            None => [None, None], // It was closed in the meantime.
        }
    }
}
// ANCHOR_END: wait

// ANCHOR: register
impl Reactor {
    /// Watches `socket`, for nothing yet.
    pub(super) fn add<S: Socket>(
        &self,
        socket: S,
    ) -> io::Result<Arc<Source<S>>> {
        let mut sources = self.lock();
        sources.next_key += 1;
        let key = sources.next_key;
        let source = Arc::new(Source::new(key, socket));
        // SAFETY: the poller wants a socket to be deleted before it is
        // closed. `by_key` owns a share of the source, so the socket is open
        // until `remove`, which deletes it first.
        unsafe { self.0.poller.add(&source.socket, Event::none(key))? };
        sources.by_key.insert(key, source.clone());
        Ok(source)
    }

    /// Watches the socket of `source` no more.
    pub(super) fn remove<S: Socket>(&self, source: &Source<S>) {
        // An error means that the system does not know it any more.
        let _ = self.0.poller.delete(&source.socket);
        let removed = self.lock().by_key.remove(&source.key);
        drop(removed);
    }
}
// ANCHOR_END: register

// ANCHOR: notify
impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        // If no thread waits now, the next wait returns at once. An error
        // would mean that the poller is gone, and we own it.
        let _ = self.poller.notify();
    }
}

impl Reactor {
    /// A waker that ends the current [`wait`](Reactor::wait), or the next.
    pub fn waker(&self) -> Waker {
        Waker::from(self.0.clone())
    }
}
// ANCHOR_END: notify

impl Reactor {
    /// A reactor that watches nothing.
    ///
    /// # Errors
    /// When the system has no more descriptors for it.
    pub fn new() -> io::Result<Reactor> {
        Ok(Reactor(Arc::new(Shared {
            poller: Poller::new()?,
            sources: Mutex::default(),
            events: Mutex::new(Events::new()),
        })))
    }

    /// How many sockets it watches.
    pub fn sources(&self) -> usize {
        self.lock().by_key.len()
    }

    pub(super) fn poller(&self) -> &Poller {
        &self.0.poller
    }

    fn lock(&self) -> MutexGuard<'_, Sources> {
        // Nothing under the lock panics.
        self.0.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Reactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reactor").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;
    use std::thread;

    use super::super::net::std_pair;
    use super::super::source::{Async, Direction};
    use super::*;
    use crate::proof::hostile::Guest;
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn a_wake_from_another_thread_ends_the_wait() {
        let run = || {
            let reactor = Reactor::new().unwrap();
            let waker = reactor.waker();
            let other = thread::spawn(move || waker.wake());
            reactor.wait(None).unwrap();
            other.join().unwrap();
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_wake_before_the_wait_ends_it_at_once() {
        let run = || {
            let reactor = Reactor::new().unwrap();
            reactor.waker().wake_by_ref();
            reactor.waker().wake();
            reactor.wait(None).unwrap();
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
        let two_are_one = || {
            let reactor = Reactor::new().unwrap();
            (0..2).for_each(|_| reactor.waker().wake());
            reactor.wait(None).unwrap();
            reactor.wait(None).unwrap();
        };
        assert!(watchdog(Duration::from_millis(50), two_are_one).is_err());
    }

    #[test]
    fn one_thread_waits_and_a_second_returns_at_once() {
        let run = || {
            let reactor = Reactor::new().unwrap();
            let _held = reactor.0.events.lock().unwrap();
            reactor.clone().wait(None).unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }

    #[test]
    fn a_socket_that_is_dropped_is_watched_no_more() {
        let reactor = Reactor::new().unwrap();
        let (here, _there) = std_pair().unwrap();
        let here = Async::new(here, &reactor).unwrap();
        assert_eq!(reactor.sources(), 1);
        drop(here);
        assert_eq!(reactor.sources(), 0);
    }

    /// The system closes a socket when its last descriptor is closed. As long
    /// as another one is open, only `delete` ends the watch.
    #[test]
    fn a_socket_that_is_dropped_is_deleted_from_the_poller() {
        let reactor = Reactor::new().unwrap();
        let (here, mut there) = std_pair().unwrap();
        let other_descriptor = here.try_clone().unwrap();
        let here = Async::new(here, &reactor).unwrap();
        let guest = Guest::new();
        let mut read = Box::pin(here.io(Direction::Read, |mut it| {
            io::Read::read(&mut it, &mut [0; 8])
        }));
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        assert!(read.as_mut().poll(&mut cx).is_pending());
        drop(read);
        drop(here);
        io::Write::write_all(&mut there, b"hello").unwrap();
        other_descriptor.set_nonblocking(false).unwrap();
        other_descriptor.peek(&mut [0; 8]).unwrap();
        let mut events = Events::new();
        let now = Some(Duration::ZERO);
        assert_eq!(reactor.0.poller.wait(&mut events, now).unwrap(), 0);
    }

    /// The system hands a descriptor out again as soon as it is closed.
    #[test]
    fn an_event_of_a_socket_that_is_closed_wakes_nobody_else() {
        let reactor = Reactor::new().unwrap();
        let (old, _there) = std_pair().unwrap();
        let old = Async::new(old, &reactor).unwrap();
        let late = Event::readable(old.key());
        drop(old);
        let (new, _there) = std_pair().unwrap();
        let new = Async::new(new, &reactor).unwrap();
        let guest = Guest::new();
        let mut read = pin!(new.io(Direction::Read, |mut it| {
            io::Read::read(&mut it, &mut [0; 8])
        }));
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        assert!(read.as_mut().poll(&mut cx).is_pending());
        assert!(reactor.fired(late).iter().all(Option::is_none));
        let [reader, _] = reactor.fired(Event::readable(new.key()));
        assert!(reader.is_some_and(|it| it.will_wake(&waker)));
    }

    #[test]
    fn it_can_be_shared_by_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Reactor>();
        shared::<Async<std::net::TcpStream>>();
    }
}
