include!(concat!(env!("OUT_DIR"), "/frames.rs"));

use exercises::{differs, watched, why};
use frames::{Frames, TooLong};

const PAGE: &str = "runtimes/chat-server.html";
const HANGS: &str = "`next_frame` is called until it gives `None`. It gives \
                     the same frame again and again: a frame that was given \
                     must leave the bytes.";

/// The frames with a length in front of each.
fn framed(frames: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for frame in frames {
        let length = u16::try_from(frame.len()).expect("it is short");
        bytes.extend(length.to_be_bytes());
        bytes.extend_from_slice(frame);
    }
    bytes
}

/// What comes out when the bytes go in, in pieces of `size`.
fn through(bytes: &[u8], size: usize) -> Result<Vec<Vec<u8>>, TooLong> {
    let mut frames = Frames::new(1000);
    let mut all = Vec::new();
    for piece in bytes.chunks(size) {
        frames.push(piece);
        while let Some(frame) = frames.next_frame()? {
            all.push(frame);
        }
    }
    Ok(all)
}

#[test]
fn one_piece_may_hold_several_frames() {
    watched(PAGE, HANGS, || {
        let sent: [&[u8]; 3] = [b"one", b"", b"three"];
        let bytes = framed(&sent);
        let got = through(&bytes, bytes.len()).expect("none is too long");
        let rule = "All three frames came in one piece. The second one is \
                    empty, and is a frame too.";
        assert_eq!(got, sent, "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_pieces_do_not_matter() {
    watched(PAGE, HANGS, || {
        let long = vec![7; 300];
        let sent: [&[u8]; 4] = [b"one", b"", &long, b"four"];
        let bytes = framed(&sent);
        for size in 1..=bytes.len() {
            let got = through(&bytes, size).expect("none is too long");
            let rule = format!(
                "The bytes came in pieces of {size}. A piece may end inside \
                 of a frame, also between the two bytes of its length: keep \
                 what is there until the rest comes."
            );
            assert_eq!(got, sent, "{}", differs(PAGE, &rule));
        }
    });
}

#[test]
fn a_frame_that_is_too_long_is_refused_by_its_length() {
    watched(PAGE, HANGS, || {
        let mut frames = Frames::new(300);
        frames.push(&[1]);
        let rule = "One byte of the length is no length yet.";
        let got = frames.next_frame();
        assert_eq!(got, Ok(None), "{}", differs(PAGE, rule));
        frames.push(&[45]);
        let rule = "The length is 301, and 300 are allowed. Do not wait for \
                    the bytes: who sends them decides how much memory they \
                    take.";
        let got = frames.next_frame();
        assert_eq!(got, Err(TooLong), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_frame_may_have_as_many_bytes_as_the_limit_says() {
    watched(PAGE, HANGS, || {
        let mut frames = Frames::new(300);
        frames.push(&framed(&[&[7; 300], &[8; 2]]));
        let got = frames.next_frame();
        let is_right = got == Ok(Some(vec![7; 300]));
        let rule = "A frame of 300 bytes is allowed where the limit is 300. \
                    Its two bytes of length do not count.";
        assert!(is_right, "{}", why(PAGE, rule));
        let rule = "The limit is that of one frame, not that of all bytes \
                    which wait.";
        let got = frames.next_frame();
        assert_eq!(got, Ok(Some(vec![8; 2])), "{}", differs(PAGE, rule));
    });
}
