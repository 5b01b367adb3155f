//! What is lost when reading or writing is dropped.

#[cfg(test)]
mod tests {
    use std::mem;

    use tokio::io::{
        AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream,
        Lines, duplex,
    };
    use tokio::net::{TcpListener, TcpStream};
    use tokio::task::yield_now;

    use crate::cancellation::cancel_safety::harness::{Lost, cut_at_each_poll};
    use crate::cancellation::cancel_safety::protocol::text;
    use crate::futures::combinators::once::poll_now;

    /// Writes two letters a turn, and closes the stream at the end.
    async fn writes(
        stream: &mut Option<DuplexStream>,
        turn: usize,
    ) -> Option<()> {
        match ["ab", "c\n", "de", "f\n"].get(turn) {
            Some(two) => {
                let stream = stream.as_mut().expect("it is open");
                stream.write_all(two.as_bytes()).await.expect("it fits");
            }
            None => *stream = None,
        }
        None
    }

    /// Reads a letter a turn.
    async fn reads(stream: &mut DuplexStream, _: usize) -> Option<char> {
        let letter = poll_now(stream.read_u8())?.ok()?;
        Some(letter.into())
    }

    async fn pipe() -> (DuplexStream, Option<DuplexStream>) {
        let (here, there) = duplex(64);
        (here, Some(there))
    }

    async fn lines() -> (BufReader<DuplexStream>, Option<DuplexStream>) {
        let (here, there) = pipe().await;
        (BufReader::new(here), there)
    }

    async fn narrow_pipe() -> (DuplexStream, DuplexStream) {
        duplex(2)
    }

    fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
        texts.map(str::to_string).into()
    }

    #[tokio::test]
    async fn read_loses_nothing() {
        let read = async |stream: &mut DuplexStream| {
            let mut buffer = [0; 8];
            let count = stream.read(&mut buffer).await.expect("it works");
            text(&buffer[..count])
        };
        assert_eq!(cut_at_each_poll(pipe, read, writes).await, Ok(2));
    }

    #[tokio::test]
    async fn read_buf_loses_nothing() {
        let set_up = async || {
            let (stream, there) = pipe().await;
            ((stream, Vec::new()), there)
        };
        let read = async |here: &mut (DuplexStream, Vec<u8>)| {
            let (stream, bytes) = here;
            stream.read_buf(bytes).await.expect("it works");
            text(bytes)
        };
        assert_eq!(cut_at_each_poll(set_up, read, writes).await, Ok(2));
    }

    #[tokio::test]
    async fn read_exact_loses_bytes() {
        let read = async |stream: &mut DuplexStream| {
            let mut buffer = [0; 4];
            match stream.read_exact(&mut buffer).await {
                Ok(_) => text(&buffer),
                Err(end) => end.to_string(),
            }
        };
        let lost = cut_at_each_poll(pipe, read, writes).await;
        let (whole, cut) = (["abc\n", "def\n"], ["c\nde", "early eof"]);
        let (whole, cut) = (texts(whole), texts(cut));
        let (whole, cut) = ((whole, vec![]), (cut, vec![]));
        assert_eq!(lost, Err(Lost { polls: 2, whole, cut }));
    }

    #[tokio::test]
    async fn read_to_end_loses_bytes() {
        let read = async |stream: &mut DuplexStream| {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).await.expect("it works");
            text(&bytes)
        };
        let lost = cut_at_each_poll(pipe, read, writes).await;
        let (whole, cut) = (["abc\ndef\n", ""], ["c\ndef\n", ""]);
        let (whole, cut) = (texts(whole), texts(cut));
        let (whole, cut) = ((whole, vec![]), (cut, vec![]));
        assert_eq!(lost, Err(Lost { polls: 2, whole, cut }));
    }

    #[tokio::test]
    async fn read_to_end_loses_nothing_when_the_vec_is_kept() {
        let set_up = async || {
            let (stream, there) = pipe().await;
            ((stream, Vec::new()), there)
        };
        let read = async |here: &mut (DuplexStream, Vec<u8>)| {
            let (stream, bytes) = here;
            stream.read_to_end(bytes).await.expect("it works");
            text(bytes)
        };
        assert_eq!(cut_at_each_poll(set_up, read, writes).await, Ok(6));
    }

    #[tokio::test]
    async fn read_line_loses_bytes_although_the_string_is_kept() {
        let set_up = async || {
            let (reader, there) = lines().await;
            ((reader, String::new()), there)
        };
        let read = async |here: &mut (BufReader<DuplexStream>, String)| {
            let (reader, line) = here;
            reader.read_line(line).await.expect("it works");
            mem::take(line)
        };
        let lost = cut_at_each_poll(set_up, read, writes).await;
        let (whole, cut) = (["abc\n", "def\n"], ["c\n", "def\n"]);
        let (whole, cut) = (texts(whole), texts(cut));
        let (whole, cut) = ((whole, vec![]), (cut, vec![]));
        assert_eq!(lost, Err(Lost { polls: 2, whole, cut }));
    }

    #[tokio::test]
    async fn read_until_loses_nothing_when_the_vec_is_kept() {
        let set_up = async || {
            let (reader, there) = lines().await;
            ((reader, Vec::new()), there)
        };
        let read = async |here: &mut (BufReader<DuplexStream>, Vec<u8>)| {
            let (reader, line) = here;
            reader.read_until(b'\n', line).await.expect("it works");
            text(&mem::take(line))
        };
        assert_eq!(cut_at_each_poll(set_up, read, writes).await, Ok(3));
    }

    #[tokio::test]
    async fn next_line_loses_nothing() {
        let set_up = async || {
            let (reader, there) = lines().await;
            (reader.lines(), there)
        };
        let read = async |lines: &mut Lines<BufReader<DuplexStream>>| {
            lines.next_line().await.expect("it works")
        };
        assert_eq!(cut_at_each_poll(set_up, read, writes).await, Ok(3));
    }

    #[tokio::test]
    async fn write_loses_nothing() {
        let write = async |stream: &mut DuplexStream| {
            stream.write(b"ab").await.expect("it works")
        };
        let set_up = async || {
            let (mut here, there) = narrow_pipe().await;
            here.write_all(b"xy").await.expect("it fits");
            (here, there)
        };
        assert_eq!(cut_at_each_poll(set_up, write, reads).await, Ok(2));
    }

    // ANCHOR: row
    #[tokio::test]
    async fn write_all_writes_some_bytes_twice() {
        let write = async |stream: &mut DuplexStream| {
            stream.write_all(b"abcd").await.expect("it works");
        };
        let lost = cut_at_each_poll(narrow_pipe, write, reads).await;
        let lost = lost.expect_err("the peer gets something else");
        assert_eq!(lost.polls, 1);
        let received = |letters: Vec<char>| String::from_iter(letters);
        assert_eq!(received(lost.whole.1), "abcdabcd");
        assert_eq!(received(lost.cut.1), "ababcdabcd");
    }
    // ANCHOR_END: row

    #[tokio::test]
    async fn write_all_buf_loses_nothing_when_the_buffer_is_kept() {
        let set_up = async || {
            let (here, there) = narrow_pipe().await;
            ((here, &b""[..]), there)
        };
        let write = async |here: &mut (DuplexStream, &[u8])| {
            let (stream, buffer) = here;
            if buffer.is_empty() {
                *buffer = b"abcd";
            }
            stream.write_all_buf(buffer).await.expect("it works");
        };
        assert_eq!(cut_at_each_poll(set_up, write, reads).await, Ok(3));
    }

    #[tokio::test]
    async fn accept_loses_no_connection() {
        let set_up = async || {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await;
            let listener = listener.expect("there is a port");
            let address = listener.local_addr().expect("it has an address");
            (listener, (address, Vec::new()))
        };
        let accept = async |listener: &mut TcpListener| {
            listener.accept().await.expect("it works");
        };
        let connects = async |there: &mut (_, Vec<TcpStream>), turn| {
            let (address, streams) = there;
            if turn < 2 {
                let stream = TcpStream::connect(*address).await;
                streams.push(stream.expect("the listener listens"));
            }
            yield_now().await;
            None::<()>
        };
        let safe = cut_at_each_poll(set_up, accept, connects).await;
        assert!(safe.is_ok_and(|places| places > 1));
    }
}
