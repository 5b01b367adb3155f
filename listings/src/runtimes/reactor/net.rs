//! The sockets of std, awaited.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{self, Shutdown, SocketAddr, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::driver::Reactor;
use super::source::{Async, Direction};
use crate::wakers::oneshot::closed::channel;

/// Waits for connections.
#[derive(Debug)]
pub struct TcpListener(Async<net::TcpListener>);

impl TcpListener {
    /// Listens at `address`.
    ///
    /// # Errors
    /// When the address is taken or unknown.
    pub fn bind(
        address: impl ToSocketAddrs,
        reactor: &Reactor,
    ) -> io::Result<TcpListener> {
        let listener = net::TcpListener::bind(address)?;
        Ok(TcpListener(Async::new(listener, reactor)?))
    }

    /// The next connection, and who connects.
    ///
    /// Cancel safety: dropped, it takes no connection.
    ///
    /// # Errors
    /// When the system cannot accept, for example because the process has
    /// too many open files. The connection waits on.
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let accepted = self.0.io(Direction::Read, |it| it.accept());
        let (stream, peer) = accepted.await?;
        Ok((TcpStream::new(stream, self.0.reactor())?, peer))
    }

    /// Makes a listener of std awaitable.
    ///
    /// # Errors
    /// When the system cannot watch it.
    pub fn new(
        listener: net::TcpListener,
        reactor: &Reactor,
    ) -> io::Result<TcpListener> {
        Ok(TcpListener(Async::new(listener, reactor)?))
    }

    /// The address at which it listens.
    ///
    /// # Errors
    /// When the system does not know it.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().local_addr()
    }
}

// ANCHOR: stream
/// A connection. Dropped, it is closed.
#[derive(Debug)]
pub struct TcpStream {
    source: Async<net::TcpStream>,
    /// Saves a call of the system; see `read_now`.
    drained: AtomicBool,
}

impl TcpStream {
    /// Reads into `buffer`, and returns how many bytes. 0 means that the
    /// other end will send no more, or that `buffer` is empty.
    ///
    /// Cancel safety: dropped, it has read nothing.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let call = |it: &net::TcpStream| self.read_now(it, buffer);
        self.source.io(Direction::Read, call).await
    }
    // ANCHOR_END: stream

    // ANCHOR: read_now
    /// Reads, unless the last read has left nothing.
    fn read_now(
        &self,
        mut it: &net::TcpStream,
        buffer: &mut [u8],
    ) -> io::Result<usize> {
        if buffer.is_empty() {
            // The system may wait for bytes all the same.
            return Ok(0);
        }
        if self.drained.swap(false, Ordering::Relaxed) {
            // The system would most likely say so too.
            return Err(ErrorKind::WouldBlock.into());
        }
        let read = it.read(buffer)?;
        let short = 0 < read && read < buffer.len();
        self.drained.store(short, Ordering::Relaxed);
        Ok(read)
    }
    // ANCHOR_END: read_now

    /// Writes some of `bytes`, and returns how many.
    ///
    /// Cancel safety: dropped, it has written nothing.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.source.io(Direction::Write, |mut it| it.write(bytes)).await
    }

    /// Writes all of `bytes`.
    ///
    /// Cancel safety: none. Dropped, it may have written a part.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.write(bytes).await? {
                0 => return Err(ErrorKind::WriteZero.into()),
                written => bytes = &bytes[written..],
            }
        }
        Ok(())
    }

    /// Says that one direction or both are over.
    ///
    /// # Errors
    /// When the connection is broken.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.source.get_ref().shutdown(how)
    }

    /// The address of the other end.
    ///
    /// # Errors
    /// When the connection is broken.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().peer_addr()
    }

    /// Makes a connection of std awaitable.
    ///
    /// # Errors
    /// When the system cannot watch it.
    pub fn new(
        stream: net::TcpStream,
        reactor: &Reactor,
    ) -> io::Result<TcpStream> {
        let source = Async::new(stream, reactor)?;
        Ok(TcpStream { source, drained: AtomicBool::new(false) })
    }

    /// The socket and its place in the reactor.
    pub fn source(&self) -> &Async<net::TcpStream> {
        &self.source
    }

    /// Connects to `address`. std can only connect while it blocks, so this
    /// does it on another thread.
    ///
    /// Cancel safety: dropped, the connection is closed when it is made.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn connect(
        address: SocketAddr,
        reactor: &Reactor,
    ) -> io::Result<TcpStream> {
        let (sender, stream) = channel();
        thread::Builder::new().spawn(move || {
            // An error means that nobody wants the connection any more.
            let _ = sender.send(net::TcpStream::connect(address));
        })?;
        let stream = stream.await.map_err(io::Error::other)??;
        TcpStream::new(stream, reactor)
    }
}

/// Two connected ends, for programs that show something on one thread.
///
/// # Errors
/// When the system has no more of them.
pub fn pair(reactor: &Reactor) -> io::Result<(TcpStream, TcpStream)> {
    let (here, there) = std_pair()?;
    Ok((TcpStream::new(here, reactor)?, TcpStream::new(there, reactor)?))
}

/// Two connected ends of std.
///
/// # Errors
/// When the system has no more of them.
pub fn std_pair() -> io::Result<(net::TcpStream, net::TcpStream)> {
    let listener = net::TcpListener::bind("127.0.0.1:0")?;
    let there = net::TcpStream::connect(listener.local_addr()?)?;
    Ok((listener.accept()?.0, there))
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use std::time::Duration;

    use super::super::runtime::Runtime;
    use super::*;
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn it_connects_accepts_reads_and_writes() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let reactor = runtime.reactor();
            let listener = TcpListener::bind("127.0.0.1:0", reactor).unwrap();
            let address = listener.local_addr().unwrap();
            let server = runtime.spawn(async move {
                let (stream, _) = listener.accept().await.unwrap();
                let mut buffer = [0; 8];
                let bytes = stream.read(&mut buffer).await.unwrap();
                stream.write_all(&buffer[..bytes]).await.unwrap();
            });
            let answer = runtime.block_on(async {
                let stream = TcpStream::connect(address, reactor).await?;
                stream.write_all(b"hello").await?;
                let mut buffer = [0; 8];
                let bytes = stream.read(&mut buffer).await?;
                io::Result::Ok(buffer[..bytes].to_vec())
            });
            runtime.block_on(server).unwrap();
            assert_eq!(reactor.sources(), 0, "all are closed");
            answer.unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(b"hello".to_vec()));
    }

    #[test]
    fn nobody_listens_there() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let listener = net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            drop(listener);
            let stream = TcpStream::connect(address, runtime.reactor());
            runtime.block_on(stream).unwrap_err().kind()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(ErrorKind::ConnectionRefused));
    }

    #[test]
    fn more_bytes_than_there_is_room_for_are_written_while_the_other_reads() {
        const ALL: usize = 8 << 20;
        let run = || {
            let runtime = Runtime::new().unwrap();
            let (here, there) = pair(runtime.reactor()).unwrap();
            let writer = runtime.spawn(async move {
                here.write_all(&vec![7; ALL]).await.unwrap();
            });
            let read = runtime.block_on(async {
                let (mut all, mut buffer) = (0, vec![0; 1 << 16]);
                loop {
                    match there.read(&mut buffer).await.unwrap() {
                        0 => break all,
                        bytes => all += bytes,
                    }
                }
            });
            runtime.block_on(writer).unwrap();
            read
        };
        assert_eq!(watchdog(LIMIT, run), Ok(ALL));
    }

    #[test]
    fn reads_of_zero_bytes_are_ready_again_and_again() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let (here, there) = pair(runtime.reactor()).unwrap();
            drop(there);
            let mut buffer = [0; 8];
            let first = runtime.block_on(here.read(&mut buffer)).unwrap();
            let mut cx = Context::from_waker(Waker::noop());
            let mut again = || {
                let read = pin!(here.read(&mut buffer)).poll(&mut cx);
                read.map(Result::unwrap)
            };
            (first, again(), again())
        };
        let end = (0, Poll::Ready(0), Poll::Ready(0));
        assert_eq!(watchdog(LIMIT, run), Ok(end));
    }

    #[test]
    fn a_read_into_an_empty_buffer_returns_0_at_once() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let (here, there) = pair(runtime.reactor()).unwrap();
            let mut cx = Context::from_waker(Waker::noop());
            let mut empty = || {
                let read = pin!(here.read(&mut [])).poll(&mut cx);
                read.map(Result::unwrap)
            };
            let before_any_bytes = empty();
            runtime.block_on(there.write_all(b"hello")).unwrap();
            let mut buffer = [0; 8];
            let short = runtime.block_on(here.read(&mut buffer)).unwrap();
            let after_a_short_read = (empty(), empty());
            runtime.block_on(there.write_all(b"bye")).unwrap();
            here.source.get_ref().set_nonblocking(false).unwrap();
            here.source.get_ref().peek(&mut [0]).unwrap();
            here.source.get_ref().set_nonblocking(true).unwrap();
            let with_bytes = empty();
            let next = runtime.block_on(here.read(&mut buffer)).unwrap();
            drop(there);
            let end = runtime.block_on(here.read(&mut buffer)).unwrap();
            let none = Poll::Ready(0);
            assert_eq!((before_any_bytes, with_bytes), (none, none));
            assert_eq!(after_a_short_read, (none, none));
            (short, next, end, empty())
        };
        let reads = (5, 3, 0, Poll::Ready(0));
        assert_eq!(watchdog(LIMIT, run), Ok(reads));
    }

    #[test]
    fn a_write_of_no_bytes_returns_0_at_once() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let (here, _there) = pair(runtime.reactor()).unwrap();
            let mut cx = Context::from_waker(Waker::noop());
            let mut write = |bytes: &[u8]| {
                let write = pin!(here.write(bytes)).poll(&mut cx);
                write.map(Result::unwrap)
            };
            let with_room = write(&[]);
            while write(&[0; 1 << 16]).is_ready() {}
            let without_room = write(&[]);
            let all = runtime.block_on(here.write_all(&[]));
            (with_room, without_room, all.is_ok())
        };
        let end = (Poll::Ready(0), Poll::Ready(0), true);
        assert_eq!(watchdog(LIMIT, run), Ok(end));
    }

    #[test]
    fn an_end_that_is_shut_down_is_read_as_the_end() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let (here, there) = pair(runtime.reactor()).unwrap();
            there.shutdown(Shutdown::Write).unwrap();
            let read = runtime.block_on(here.read(&mut [0; 8])).unwrap();
            // The other direction is open.
            let wrote = runtime.block_on(here.write(b"hello")).unwrap();
            (read, wrote)
        };
        assert_eq!(watchdog(LIMIT, run), Ok((0, 5)));
    }

    /// Polls a read of five bytes, and then another one after `between`.
    fn after_a_short_read(
        room: usize,
        between: fn(TcpStream),
    ) -> (usize, bool, usize) {
        let run = move || {
            let runtime = Runtime::new().unwrap();
            let (here, there) = pair(runtime.reactor()).unwrap();
            runtime.block_on(there.write_all(b"hello")).unwrap();
            let mut buffer = vec![0; room];
            let first = runtime.block_on(here.read(&mut buffer)).unwrap();
            between(there);
            let mut read = pin!(here.read(&mut buffer));
            let mut cx = Context::from_waker(Waker::noop());
            let waits = read.as_mut().poll(&mut cx).is_pending();
            let next = if waits { runtime.block_on(read).unwrap() } else { 0 };
            (first, waits, next)
        };
        watchdog(LIMIT, run).unwrap()
    }

    #[test]
    fn after_a_short_read_the_next_one_asks_the_reactor_first() {
        let writes: fn(TcpStream) = |there| {
            there.source.get_ref().write_all(b"bye").unwrap();
            std::mem::forget(there);
        };
        // The bytes are there already, and are not lost.
        assert_eq!(after_a_short_read(8, writes), (5, true, 3));
        // A read that fills its buffer may have left some.
        assert!(!after_a_short_read(5, writes).1);
    }

    #[test]
    fn the_end_that_comes_with_the_last_bytes_is_told() {
        assert_eq!(after_a_short_read(8, drop), (5, true, 0));
    }

    #[test]
    fn two_readers_in_one_task_both_end() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let (here, there) = pair(runtime.reactor()).unwrap();
            runtime.block_on(async {
                let (mut one, mut two) = ([0], [0]);
                let one = here.read(&mut one);
                let two = here.read(&mut two);
                let writes = there.write_all(b"ab");
                let all = futures::join!(one, two, writes);
                (all.0.unwrap(), all.1.unwrap())
            })
        };
        assert_eq!(watchdog(LIMIT, run), Ok((1, 1)));
    }

    #[test]
    fn without_a_runtime_only_the_channels_of_tokio_work() {
        use crate::proof::hostile::{Caught, caught};
        let missing = |end: Result<(), Caught>| match end {
            Err(Caught::Other(text)) => text.starts_with("there is no reactor"),
            _ => false,
        };
        let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
        sender.try_send(7).unwrap();
        assert_eq!(pollster::block_on(receiver.recv()), Some(7));
        let sleep = || {
            pollster::block_on(async {
                tokio::time::sleep(Duration::ZERO).await;
            })
        };
        assert!(missing(caught(sleep)));
        let file = || drop(pollster::block_on(tokio::fs::read("/")));
        assert!(missing(caught(file)));
        let address = SocketAddr::from(([127, 0, 0, 1], 9));
        let connect = tokio::net::TcpStream::connect(address);
        assert!(missing(caught(|| drop(pollster::block_on(connect)))));
    }

    #[test]
    fn an_accept_waits_for_a_connection() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let reactor = runtime.reactor();
            let listener = TcpListener::bind("127.0.0.1:0", reactor).unwrap();
            let mut accept = pin!(listener.accept());
            let mut cx = Context::from_waker(Waker::noop());
            assert!(accept.as_mut().poll(&mut cx).is_pending());
            let there = net::TcpStream::connect(listener.local_addr().unwrap());
            let (_, from) = runtime.block_on(accept).unwrap();
            from == there.unwrap().local_addr().unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }
}
