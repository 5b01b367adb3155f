//! What is lost when a codec's `next` or `send` is dropped.

#[cfg(all(test, feature = "tokio-util"))]
mod tests {
    use futures::{SinkExt, StreamExt};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio_util::codec::{FramedRead, FramedWrite, LinesCodec};

    use crate::cancellation::cancel_safety::harness::cut_at_each_poll;
    use crate::futures::combinators::once::poll_now;

    type Reader = FramedRead<DuplexStream, LinesCodec>;
    type Writer = FramedWrite<DuplexStream, LinesCodec>;

    #[tokio::test]
    async fn framed_read_loses_nothing() {
        let set_up = async || {
            let (here, there) = duplex(64);
            (FramedRead::new(here, LinesCodec::new()), there)
        };
        let next = async |frames: &mut Reader| {
            frames.next().await.map(|line| line.expect("it is a line"))
        };
        let writes = async |stream: &mut DuplexStream, turn: usize| {
            let two = ["ab", "c\n", "de", "f\n"].get(turn)?;
            stream.write_all(two.as_bytes()).await.expect("it fits");
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, next, writes).await, Ok(3));
    }

    #[tokio::test]
    async fn framed_write_loses_the_frame_in_hand() {
        let set_up = async || {
            let (here, there) = duplex(2);
            let mut frames = FramedWrite::new(here, LinesCodec::new());
            // The next frame waits until this one is on its way.
            frames.set_backpressure_boundary(1);
            frames.feed("0".to_string()).await.expect("it works");
            frames.feed("0".to_string()).await.expect("it works");
            ((frames, 0), there)
        };
        let send = async |here: &mut (Writer, u32)| {
            let (frames, last) = here;
            *last += 1;
            let frame = last.to_string();
            frames.send(frame).await.expect("it works");
        };
        let reads = async |stream: &mut DuplexStream, _| {
            let letter = poll_now(stream.read_u8())?.ok()?;
            Some(char::from(letter))
        };
        let lost = cut_at_each_poll(set_up, send, reads).await;
        let lost = lost.expect_err("a frame is lost");
        let received = |letters: Vec<char>| String::from_iter(letters);
        assert_eq!(lost.polls, 1);
        assert_eq!(received(lost.whole.1), "0\n0\n1\n2\n");
        assert_eq!(received(lost.cut.1), "0\n0\n2\n3\n");
    }
    // ANCHOR: row
    #[tokio::test]
    async fn a_frame_that_waits_to_be_flushed_is_sent_all_the_same() {
        let set_up = async || {
            let (here, there) = duplex(2);
            ((FramedWrite::new(here, LinesCodec::new()), 100), there)
        };
        let send = async |here: &mut (Writer, u32)| {
            let (frames, last) = here;
            *last += 1;
            let frame = last.to_string();
            frames.send(frame).await.expect("it works");
        };
        let reads = async |stream: &mut DuplexStream, _| {
            let letter = poll_now(stream.read_u8())?.ok()?;
            Some(char::from(letter))
        };
        let differs = cut_at_each_poll(set_up, send, reads).await;
        let differs = differs.expect_err("one frame more is received");
        let received = |letters: Vec<char>| String::from_iter(letters);
        assert_eq!(differs.polls, 1);
        assert_eq!(received(differs.whole.1), "101\n102\n");
        assert_eq!(received(differs.cut.1), "101\n102\n103\n");
    }
    // ANCHOR_END: row
}
