//! A leaf future: one read of a socket.

use std::future::poll_fn;
use std::io::{self, Read};
use std::task::Poll;

use super::reactor::{Reactor, Step};

// ANCHOR: read
/// Reads what the reactor's socket has, at most as much as `buffer` holds, and
/// returns how much that was. On Linux, a read into an empty `buffer` waits for
/// bytes too.
///
/// Cancel safety: dropping it loses no bytes.
pub fn read(
    reactor: &Reactor,
    buffer: &mut [u8],
) -> impl Future<Output = io::Result<usize>> {
    poll_fn(move |cx| match reactor.socket().read(buffer) {
        Err(why) if why.kind() == io::ErrorKind::WouldBlock => {
            reactor.tell(Step::WouldBlock);
            match reactor.watch(cx.waker()) {
                Ok(()) => Poll::Pending,
                Err(why) => Poll::Ready(Err(why)),
            }
        }
        Ok(count) => {
            reactor.tell(Step::Bytes(count));
            Poll::Ready(Ok(count))
        }
        Err(why) => Poll::Ready(Err(why)),
    })
}
// ANCHOR_END: read

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::Shutdown;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use super::super::one_thread::block_on;
    use super::super::reactor::connection;
    use super::*;
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);

    type Steps = Arc<Mutex<Vec<Step>>>;

    #[test]
    fn bytes_that_are_there_need_no_reactor() {
        let run = || {
            let (here, mut there) = connection().unwrap();
            there.write_all(b"hello").unwrap();
            // After this, the bytes are there.
            here.peek(&mut [0]).unwrap();
            let steps = Steps::default();
            let tells = steps.clone();
            let tell = move |step| tells.lock().unwrap().push(step);
            let reactor = Reactor::new(here, tell).unwrap();
            let mut buffer = [0; 8];
            let read = read(&reactor, &mut buffer);
            block_on(&reactor, read).unwrap().unwrap();
            let steps = steps.lock().unwrap().clone();
            (steps, buffer)
        };
        let end = (vec![Step::Bytes(5)], *b"hello\0\0\0");
        assert_eq!(watchdog(LIMIT, run), Ok(end));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_read_into_an_empty_buffer_waits_for_bytes_too() {
        let run = || {
            let (here, there) = connection().unwrap();
            let steps = Steps::default();
            let tells = steps.clone();
            let tell = move |step| {
                tells.lock().unwrap().push(step);
                if step == Step::Wait {
                    (&there).write_all(b"hello").unwrap();
                }
            };
            let reactor = Reactor::new(here, tell).unwrap();
            let read = read(&reactor, &mut []);
            let count = block_on(&reactor, read).unwrap().unwrap();
            (count, steps.lock().unwrap().clone())
        };
        use Step::{Bytes, Readable, Wait, Watch, WouldBlock};
        let steps = vec![WouldBlock, Watch, Wait, Readable, Bytes(0)];
        assert_eq!(watchdog(LIMIT, run), Ok((0, steps)));
    }

    #[test]
    fn bytes_that_come_between_the_look_and_the_watch_wake_as_well() {
        let run = || {
            let (here, there) = connection().unwrap();
            let tell = move |step| {
                if step == Step::WouldBlock {
                    (&there).write_all(b"hello").unwrap();
                }
            };
            let reactor = Reactor::new(here, tell).unwrap();
            let mut buffer = [0; 8];
            let read = read(&reactor, &mut buffer);
            block_on(&reactor, read).unwrap().unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(5));
    }

    #[test]
    fn a_closed_end_is_a_read_of_nothing() {
        let run = || {
            let (here, there) = connection().unwrap();
            let reactor = Reactor::new(here, move |step| {
                if step == Step::Watch {
                    there.shutdown(Shutdown::Write).unwrap();
                }
            });
            let reactor = reactor.unwrap();
            let mut buffer = [0; 8];
            let read = read(&reactor, &mut buffer);
            block_on(&reactor, read).unwrap().unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }

    #[test]
    fn an_error_of_the_connection_is_told() {
        let run = || {
            let (mut here, there) = connection().unwrap();
            here.write_all(b"hello").unwrap();
            there.peek(&mut [0]).unwrap();
            // Closed with bytes that it has not read, it resets.
            drop(there);
            let reactor = Reactor::new(here, |_| {}).unwrap();
            let mut buffer = [0; 8];
            let read = read(&reactor, &mut buffer);
            block_on(&reactor, read).unwrap().unwrap_err().kind()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(io::ErrorKind::ConnectionReset));
    }
}
