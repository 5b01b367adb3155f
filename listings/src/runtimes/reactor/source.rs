//! A socket that does not block, and who waits for it: one task that reads
//! and one that writes.

use std::fmt;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net;
#[cfg(unix)]
use std::os::fd::AsRawFd as AsRaw;
#[cfg(windows)]
use std::os::windows::io::AsRawSocket as AsRaw;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use polling::{AsSource, Event, PollMode, Poller};

use super::driver::Reactor;

// ANCHOR: source
/// What a task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Read,
    Write,
}

/// A socket, the number it is known by, and who waits for it.
pub(super) struct Source<S: ?Sized> {
    pub(super) key: usize,
    waiting: Mutex<Waiting>,
    pub(super) socket: S,
}

/// One place for the waker of a read, and one for that of a write.
#[derive(Default)]
struct Waiting {
    places: [Option<(Id, Waker)>; 2],
    /// The newest `Id`.
    ids: Id,
    /// For which directions the system watches the socket.
    watched: [bool; 2],
}

/// Which operation a waker belongs to.
type Id = u64;

impl Waiting {
    fn new_id(&mut self) -> Id {
        self.ids += 1;
        self.ids
    }
}
// ANCHOR_END: source

// ANCHOR: watch
impl Waiting {
    /// Tells the system for what it shall watch the socket, if that changes.
    fn watch(
        &mut self,
        wanted: [bool; 2],
        socket: impl AsSource,
        key: usize,
        poller: &Poller,
    ) -> io::Result<()> {
        if wanted == self.watched {
            return Ok(());
        }
        let [reads, writes] = wanted;
        // The system tells errors even without an interest: once is enough.
        let any = reads || writes;
        let mode = if any { PollMode::Level } else { PollMode::Oneshot };
        let interest = Event::new(key, reads, writes);
        poller.modify_with_mode(socket, interest, mode)?;
        self.watched = wanted;
        Ok(())
    }
}
// ANCHOR_END: watch

impl<S: ?Sized> Source<S> {
    pub(super) fn new(key: usize, socket: S) -> Source<S>
    where
        S: Sized,
    {
        Source { key, waiting: Mutex::default(), socket }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing under the lock panics: no waker is cloned, woken or
        // dropped while it is held.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// ANCHOR: fired
impl Source<dyn Socket> {
    /// Takes out who waits for `event`.
    pub(super) fn fired(
        &self,
        event: Event,
        poller: &Poller,
    ) -> [Option<Waker>; 2] {
        let mut waiting = self.lock();
        let mut wanted = waiting.watched;
        let [reads, writes] = &mut waiting.places;
        let reader = if event.readable { reads.take() } else { None };
        let writer = if event.writable { writes.take() } else { None };
        // An event for which nobody waits ends the interest: the system would
        // tell it again and again.
        wanted[0] &= !event.readable || reader.is_some();
        wanted[1] &= !event.writable || writer.is_some();
        // An error means that the socket is being closed.
        let _ = waiting.watch(wanted, &self.socket, self.key, poller);
        [reader, writer].map(|place| place.map(|(_, waker)| waker))
    }
}
// ANCHOR_END: fired

// ANCHOR: async
/// A socket that can be awaited.
pub struct Async<S: Socket> {
    source: Arc<Source<S>>,
    reactor: Reactor,
}

impl<S: Socket> Async<S> {
    /// Calls `call` until it gives something else than `WouldBlock`. Waits
    /// for `direction` in between.
    ///
    /// One operation can wait in each direction. When a second one waits in
    /// the same direction, the first one is not woken any more.
    ///
    /// Cancel safety: dropped, it takes its waker along. What the last `call`
    /// did is not undone.
    pub async fn io<T>(
        &self,
        direction: Direction,
        mut call: impl FnMut(&S) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut waiter = Waiter { of: self, direction, id: None };
        poll_fn(|cx| match call(self.get_ref()) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                match waiter.wait(cx.waker()) {
                    Ok(()) => Poll::Pending,
                    Err(error) => Poll::Ready(Err(error)),
                }
            }
            result => Poll::Ready(result),
        })
        .await
    }
}
// ANCHOR_END: async

// ANCHOR: waiter
/// One operation that may wait. Dropped, it takes its waker along.
struct Waiter<'a, S: Socket> {
    of: &'a Async<S>,
    direction: Direction,
    /// `None` until it has waited.
    id: Option<Id>,
}

impl<S: Socket> Waiter<'_, S> {
    fn wait(&mut self, waker: &Waker) -> io::Result<()> {
        let waker = waker.clone();
        let Async { source, reactor } = self.of;
        let mut waiting = source.lock();
        let id = *self.id.get_or_insert_with(|| waiting.new_id());
        let place = &mut waiting.places[self.direction as usize];
        let old = place.replace((id, waker));
        // The waker is in its place: now the system may look.
        let mut wanted = waiting.watched;
        wanted[self.direction as usize] = true;
        let (socket, poller) = (&source.socket, reactor.poller());
        let watched = waiting.watch(wanted, socket, source.key, poller);
        drop(waiting);
        // A waker is foreign code: dropped with the lock released.
        drop(old);
        watched
    }
}

impl<S: Socket> Drop for Waiter<'_, S> {
    fn drop(&mut self) {
        let Some(mine) = self.id else { return };
        let mut waiting = self.of.source.lock();
        let place = &mut waiting.places[self.direction as usize];
        let waker = place.take_if(|(id, _)| *id == mine);
        drop(waiting);
        drop(waker);
    }
}
// ANCHOR_END: waiter

impl<S: Socket> Async<S> {
    /// Sets `socket` to non-blocking, and has `reactor` watch it.
    ///
    /// # Errors
    /// When the system refuses one of these.
    pub fn new(socket: S, reactor: &Reactor) -> io::Result<Async<S>> {
        socket.set_nonblocking()?;
        let source = reactor.add(socket)?;
        Ok(Async { source, reactor: reactor.clone() })
    }
}

impl<S: Socket> Drop for Async<S> {
    /// The reactor forgets the socket, and then the socket is closed.
    fn drop(&mut self) {
        self.reactor.remove(&*self.source);
    }
}

impl<S: Socket> Async<S> {
    /// The socket.
    pub fn get_ref(&self) -> &S {
        &self.source.socket
    }

    /// Where it is registered.
    pub fn reactor(&self) -> &Reactor {
        &self.reactor
    }

    /// The number by which the reactor knows it. No number is given twice.
    pub fn key(&self) -> usize {
        self.source.key
    }
}

impl<S: Socket> fmt::Debug for Async<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Async")
            .field("key", &self.key())
            .finish_non_exhaustive()
    }
}

/// What the system can watch. A type from elsewhere could name a different
/// descriptor at each call, so this trait is only for types of std.
pub trait Socket:
    AsSource + AsRaw + Send + Sync + sealed::Sealed + 'static
{
    /// From now on its calls return `WouldBlock` where they would wait.
    fn set_nonblocking(&self) -> io::Result<()>;
}

impl Socket for net::TcpListener {
    fn set_nonblocking(&self) -> io::Result<()> {
        net::TcpListener::set_nonblocking(self, true)
    }
}

impl Socket for net::TcpStream {
    fn set_nonblocking(&self) -> io::Result<()> {
        net::TcpStream::set_nonblocking(self, true)
    }
}

#[cfg(unix)]
impl Socket for std::fs::File {
    /// Does nothing: a file has no such mode, as the page shows.
    fn set_nonblocking(&self) -> io::Result<()> {
        Ok(())
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for std::net::TcpListener {}
    impl Sealed for std::net::TcpStream {}
    #[cfg(unix)]
    impl Sealed for std::fs::File {}
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::pin::pin;
    use std::sync::mpsc::channel;
    use std::task::Context;
    use std::time::Duration;

    use super::super::net::std_pair;
    use super::*;
    use crate::proof::hostile::{Guest, Moment, caught, panics};
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);

    /// A socket with a reactor of its own, and the other end.
    fn pair() -> (Async<net::TcpStream>, net::TcpStream) {
        let (here, there) = std_pair().unwrap();
        (Async::new(here, &Reactor::new().unwrap()).unwrap(), there)
    }

    async fn read(it: &Async<net::TcpStream>) -> io::Result<usize> {
        it.io(Direction::Read, |mut it| it.read(&mut [0; 8])).await
    }

    /// Waits for room to write, which `full` says there is not.
    async fn write(it: &Async<net::TcpStream>) -> io::Result<usize> {
        it.io(Direction::Write, |mut it| it.write(&[0; 1 << 16])).await
    }

    fn fill(mut it: &net::TcpStream) {
        while it.write(&[0; 1 << 16]).is_ok() {}
    }

    fn poll<T>(
        future: std::pin::Pin<&mut impl Future<Output = T>>,
        guest: &Guest,
    ) -> Poll<T> {
        future.poll(&mut Context::from_waker(&guest.waker()))
    }

    /// Waits in the reactor until `done`.
    fn until(it: &Async<net::TcpStream>, done: impl Fn() -> bool) {
        while !done() {
            it.reactor.wait(Some(LIMIT)).unwrap();
        }
    }

    #[test]
    fn a_read_waits_until_there_are_bytes() {
        let run = || {
            let ((here, mut there), guest) = (pair(), Guest::new());
            let mut read = pin!(read(&here));
            assert!(poll(read.as_mut(), &guest).is_pending());
            assert_eq!(here.reactor.wait(Some(Duration::ZERO)).unwrap(), 0);
            assert_eq!(guest.wakes(), 0);
            there.write_all(b"hello").unwrap();
            until(&here, || guest.wakes() == 1);
            assert!(matches!(poll(read, &guest), Poll::Ready(Ok(5))));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    /// What a message costs in calls of `read`.
    #[test]
    fn a_read_that_waits_calls_read_twice() {
        let run = || {
            let ((here, mut there), guest) = (pair(), Guest::new());
            let calls = std::cell::Cell::new(0);
            let mut read = pin!(here.io(Direction::Read, |mut it| {
                calls.set(calls.get() + 1);
                it.read(&mut [0; 8])
            }));
            assert!(poll(read.as_mut(), &guest).is_pending());
            there.write_all(b"hello").unwrap();
            until(&here, || guest.wakes() == 1);
            assert!(matches!(poll(read, &guest), Poll::Ready(Ok(5))));
            calls.get()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(2));
    }

    #[test]
    fn bytes_that_came_before_the_socket_is_watched_are_told() {
        let run = || {
            let ((here, mut there), guest) = (pair(), Guest::new());
            let mut first = true;
            let mut read = pin!(here.io(Direction::Read, |mut it| {
                let result = it.read(&mut [0; 8]);
                if std::mem::take(&mut first) {
                    // They come between the call and the store of the waker.
                    there.write_all(b"hello").unwrap();
                }
                result
            }));
            assert!(poll(read.as_mut(), &guest).is_pending());
            until(&here, || guest.wakes() == 1);
            assert!(matches!(poll(read, &guest), Poll::Ready(Ok(5))));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_socket_stays_watched_until_an_event_comes_and_nobody_waits() {
        let run = || {
            let ((here, mut there), guest) = (pair(), Guest::new());
            let watched = || here.source.lock().watched;
            let now = Some(Duration::ZERO);
            let mut one = Box::pin(read(&here));
            assert!(poll(one.as_mut(), &guest).is_pending());
            there.write_all(b"one").unwrap();
            until(&here, || guest.wakes() == 1);
            assert_eq!(watched(), [true, false], "it may wait again");
            assert!(matches!(poll(one.as_mut(), &guest), Poll::Ready(Ok(3))));
            drop(one);
            there.write_all(b"two").unwrap();
            while watched()[0] {
                assert_eq!(here.reactor.wait(Some(LIMIT)).unwrap(), 0);
            }
            // The bytes are there, and the thread can sleep.
            let mut events = polling::Events::new();
            let poller = here.reactor.poller();
            assert_eq!(poller.wait(&mut events, now).unwrap(), 0);
            let two = pin!(read(&here));
            assert!(matches!(poll(two, &guest), Poll::Ready(Ok(3))));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    /// epoll tells of a broken connection even when it is asked for nothing.
    #[test]
    fn an_error_that_nobody_waits_for_lets_the_thread_sleep() {
        let run = || {
            let ((here, there), guest) = (pair(), Guest::new());
            let mut waits = Box::pin(read(&here));
            assert!(poll(waits.as_mut(), &guest).is_pending());
            drop(waits);
            here.get_ref().write_all(b"never read").unwrap();
            // The other end has not read all: the system sends a reset.
            there.peek(&mut [0; 8]).unwrap();
            drop(there);
            while here.source.lock().watched[0] {
                assert_eq!(here.reactor.wait(Some(LIMIT)).unwrap(), 0);
            }
            let now = Some(Duration::ZERO);
            here.reactor.wait(now).unwrap();
            let mut events = polling::Events::new();
            let poller = here.reactor.poller();
            assert_eq!(poller.wait(&mut events, now).unwrap(), 0);
            let read = pin!(read(&here));
            assert!(matches!(poll(read, &guest), Poll::Ready(Err(_))));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_reader_and_a_writer_wait_at_the_same_time() {
        let run = || {
            let (here, mut there) = pair();
            let (reader, writer) = (Guest::new(), Guest::new());
            fill(here.get_ref());
            let (mut reads, mut writes) =
                (pin!(read(&here)), pin!(write(&here)));
            assert!(poll(reads.as_mut(), &reader).is_pending());
            assert!(poll(writes.as_mut(), &writer).is_pending());
            there.write_all(b"hello").unwrap();
            until(&here, || reader.wakes() == 1);
            assert!(matches!(poll(reads, &reader), Poll::Ready(Ok(5))));
            assert_eq!(writer.wakes(), 0, "there is no room yet");
            there.set_nonblocking(true).unwrap();
            while writer.wakes() == 0 {
                while there.read(&mut [0; 1 << 16]).is_ok() {}
                here.reactor.wait(Some(Duration::from_millis(1))).unwrap();
            }
            assert!(matches!(poll(writes, &writer), Poll::Ready(Ok(_))));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn of_two_readers_the_newest_is_woken() {
        let run = || {
            let (here, mut there) = pair();
            let (loser, newest) = (Guest::new(), Guest::new());
            let (mut first, mut second) =
                (pin!(read(&here)), pin!(read(&here)));
            assert!(poll(first.as_mut(), &loser).is_pending());
            assert!(poll(second.as_mut(), &newest).is_pending());
            assert_eq!(loser.handles(), 0, "its waker is gone");
            there.write_all(b"hello").unwrap();
            until(&here, || newest.wakes() == 1);
            assert_eq!(loser.wakes(), 0);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_read_that_is_dropped_takes_its_waker_along() {
        let ((here, _there), guest) = (pair(), Guest::new());
        let mut read = Box::pin(read(&here));
        assert!(poll(read.as_mut(), &guest).is_pending());
        assert_eq!(guest.handles(), 1);
        drop(read);
        assert_eq!(guest.handles(), 0);
    }

    #[test]
    fn a_loser_that_is_dropped_leaves_the_waker_of_the_newest() {
        let ((here, _there), guest) = (pair(), Guest::new());
        let mut first = Box::pin(read(&here));
        let mut second = pin!(read(&here));
        assert!(poll(first.as_mut(), &Guest::new()).is_pending());
        assert!(poll(second.as_mut(), &guest).is_pending());
        drop(first);
        assert_eq!(guest.handles(), 1);
    }

    // Hostile guests: see `proof::hostile`.

    /// Polls a read inside a deed: the lock must be free.
    fn comes_back(
        here: &Arc<Async<net::TcpStream>>,
    ) -> impl FnOnce() + Send + use<> {
        let here = here.clone();
        move || {
            let mut again = pin!(read(&here));
            assert!(poll(again.as_mut(), &Guest::new()).is_pending());
        }
    }

    #[test]
    fn a_waker_may_read_when_it_is_cloned_and_dropped() {
        let run = || {
            let (here, _there) = pair();
            let (here, guest) = (Arc::new(here), Guest::new());
            let mut future = Box::pin(read(&here));
            guest.next(Moment::Clone, comes_back(&here));
            assert!(poll(future.as_mut(), &guest).is_pending());
            // The one that is replaced is dropped.
            guest.next(Moment::Drop, comes_back(&here));
            assert!(poll(future.as_mut(), &guest).is_pending());
            assert_eq!(guest.deeds_left(), 0);
            // The read that came back was the newest, and is gone.
            assert!(poll(future.as_mut(), &guest).is_pending());
            guest.next(Moment::Drop, comes_back(&here));
            drop(future);
            assert_eq!((guest.deeds_left(), guest.handles()), (0, 0));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_may_read_when_it_is_woken() {
        let run = || {
            let (here, mut there) = pair();
            let (here, guest) = (Arc::new(here), Guest::new());
            let (sender, bytes) = channel();
            let reads = here.clone();
            guest.next(Moment::Wake, move || {
                let mut again = pin!(read(&reads));
                let end = poll(again.as_mut(), &Guest::new());
                let Poll::Ready(Ok(bytes)) = end else { panic!("it waits") };
                sender.send(bytes).unwrap();
            });
            let mut future = pin!(read(&here));
            assert!(poll(future.as_mut(), &guest).is_pending());
            there.write_all(b"hello").unwrap();
            until(&here, || guest.wakes() == 1);
            assert_eq!(bytes.recv(), Ok(5));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_that_panics_keeps_no_other_asleep_and_ends_no_wait() {
        let run = || {
            let reactor = Reactor::new().unwrap();
            let sockets = [0, 1].map(|_| std_pair().unwrap());
            let [(bad, bad_end), (good, good_end)] = sockets
                .map(|(it, end)| (Async::new(it, &reactor).unwrap(), end));
            let (bad_guest, good_guest) = (Guest::new(), Guest::new());
            bad_guest.next(Moment::Wake, panics);
            let (mut one, mut two) = (pin!(read(&bad)), pin!(read(&good)));
            assert!(poll(one.as_mut(), &bad_guest).is_pending());
            assert!(poll(two.as_mut(), &good_guest).is_pending());
            drop((bad_end, good_end));
            while good_guest.wakes() + bad_guest.wakes() < 2 {
                reactor.wait(Some(LIMIT)).unwrap();
            }
            assert_eq!((bad_guest.deeds_left(), bad_guest.handles()), (0, 0));
            assert!(matches!(poll(two, &good_guest), Poll::Ready(Ok(0))));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_that_panics_when_it_is_replaced_ends_only_its_own_read() {
        let run = || {
            let (here, mut there) = pair();
            let (bad, good) = (Guest::new(), Guest::new());
            let mut first = Box::pin(read(&here));
            assert!(poll(first.as_mut(), &bad).is_pending());
            bad.next(Moment::Drop, panics);
            assert!(caught(|| poll(first.as_mut(), &good)).is_err());
            assert_eq!((bad.handles(), good.handles()), (0, 0));
            drop(first);
            let mut second = pin!(read(&here));
            assert!(poll(second.as_mut(), &good).is_pending());
            there.write_all(b"hello").unwrap();
            until(&here, || good.wakes() == 1);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_socket_that_is_dropped_is_forgotten_and_closed() {
        let run = || {
            let (here, mut there) = pair();
            let reactor = here.reactor().clone();
            let (other, _) = std_pair().unwrap();
            let other = Async::new(other, &reactor).unwrap();
            assert_ne!(here.key(), other.key());
            assert_eq!(reactor.sources(), 2);
            drop(other);
            assert_eq!(reactor.sources(), 1);
            drop(here);
            assert_eq!(reactor.sources(), 0);
            there.read(&mut [0; 8]).unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }
}
