//! A read that asks the system again and again.

use std::future::poll_fn;
use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::task::Poll;

// ANCHOR: read
/// Reads once. `stream` must be set to non-blocking. `buffer` must have
/// room: when it has none, Linux says `WouldBlock` until there are bytes.
pub async fn read(
    mut stream: &TcpStream,
    buffer: &mut [u8],
) -> io::Result<usize> {
    poll_fn(|cx| match stream.read(buffer) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => {
            // Nobody will wake this task, so it wakes itself.
            cx.waker().wake_by_ref();
            Poll::Pending
        }
        result => Poll::Ready(result),
    })
    .await
}
// ANCHOR_END: read

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpListener;
    use std::pin::pin;
    use std::task::{Context, Waker};
    use std::time::Duration;

    use super::*;
    use crate::proof::watchdog;

    #[test]
    fn each_poll_of_a_busy_read_asks_the_system_and_wakes_itself() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut there =
            TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let here = listener.accept().unwrap().0;
        here.set_nonblocking(true).unwrap();
        let guest = crate::proof::hostile::Guest::new();
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        let mut buffer = [0; 8];
        let mut read = pin!(read(&here, &mut buffer));
        for polls in 1..=3 {
            assert!(read.as_mut().poll(&mut cx).is_pending());
            assert_eq!(guest.wakes(), polls);
        }
        there.write_all(b"hello").unwrap();
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(end) = read.as_mut().poll(&mut cx) {
                break assert_eq!(end.unwrap(), 5);
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_busy_read_into_an_empty_buffer_is_busy_until_there_are_bytes() {
        let run = || {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let mut there =
                TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let here = listener.accept().unwrap().0;
            here.set_nonblocking(true).unwrap();
            let mut read = pin!(read(&here, &mut []));
            let mut cx = Context::from_waker(Waker::noop());
            for _ in 0..3 {
                assert!(read.as_mut().poll(&mut cx).is_pending());
            }
            there.write_all(b"hello").unwrap();
            pollster::block_on(read).unwrap()
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(0));
    }

    #[test]
    fn an_error_of_the_connection_is_told() {
        let run = || {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let there =
                TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let mut here = listener.accept().unwrap().0;
            here.write_all(b"hello").unwrap();
            there.peek(&mut [0]).unwrap();
            // Closed with bytes that it has not read, it resets.
            drop(there);
            here.set_nonblocking(true).unwrap();
            pollster::block_on(read(&here, &mut [0; 8])).unwrap_err().kind()
        };
        let end = watchdog(Duration::from_secs(30), run);
        assert_eq!(end, Ok(ErrorKind::ConnectionReset));
    }
}
