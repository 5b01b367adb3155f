include!(concat!(env!("OUT_DIR"), "/lines.rs"));

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use exercises::{Task, differs, watched};
use lines::{Lines, Source};

const PAGE: &str = "cancellation/cancel-safety.html\
                    #second-repair-keep-the-state-in-self";
const HANGS: &str = "`next` does not return from a poll.";

/// Bytes that have arrived, and `None` for the end.
#[derive(Clone, Default)]
struct Wire(Rc<RefCell<VecDeque<Option<u8>>>>);

impl Wire {
    fn arrives(&self, text: &str) {
        self.0.borrow_mut().extend(text.bytes().map(Some));
    }
}

impl Source for Wire {
    fn read(&mut self) -> impl Future<Output = Option<u8>> {
        poll_fn(|_| match self.0.borrow_mut().pop_front() {
            Some(byte) => Poll::Ready(byte),
            None => Poll::Pending,
        })
    }
}

/// Calls `next`, polls it once, and drops it.
fn polled_once(lines: &mut Lines<Wire>) -> Poll<Option<String>> {
    Task::new().poll(&mut Box::pin(lines.next()))
}

fn line(text: &str) -> Poll<Option<String>> {
    Poll::Ready(Some(text.to_string()))
}

#[test]
fn a_line_is_whole_although_a_next_was_dropped() {
    watched(PAGE, HANGS, || {
        let wire = Wire::default();
        let mut lines = Lines::new(wire.clone());
        wire.arrives("he");
        assert!(polled_once(&mut lines).is_pending());
        wire.arrives("llo\n");
        let rule = "`he` arrived, and the future that had read it was \
                    dropped. Then `llo` arrived. Where must `he` be, so that \
                    the next call finds it?";
        let got = polled_once(&mut lines);
        assert_eq!(got, line("hello"), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_future_may_be_dropped_after_each_byte() {
    watched(PAGE, HANGS, || {
        let wire = Wire::default();
        let mut lines = Lines::new(wire.clone());
        let mut got = Vec::new();
        for byte in ["a", "b", "\n", "\n", "c", "d", "\n"] {
            wire.arrives(byte);
            if let Poll::Ready(line) = polled_once(&mut lines) {
                got.extend(line);
            }
        }
        let rule = "One byte arrived at a time, and after each one the \
                    future was dropped. No byte may be lost, and none may \
                    come twice.";
        assert_eq!(got, ["ab", "", "cd"], "{}", differs(PAGE, rule));
    });
}

#[test]
fn what_comes_with_the_rest_of_a_line_is_for_the_next() {
    watched(PAGE, HANGS, || {
        let wire = Wire::default();
        let mut lines = Lines::new(wire.clone());
        wire.arrives("a");
        assert!(polled_once(&mut lines).is_pending());
        wire.arrives("b\ncd\ne");
        wire.0.borrow_mut().push_back(None);
        let got = [(); 3].map(|()| polled_once(&mut lines));
        let rule = "`a` arrived, and the future was dropped. Then the rest \
                    came at once, with two more lines in it, of which the \
                    last has no end.";
        let expected = [line("ab"), line("cd"), Poll::Ready(None)];
        assert_eq!(got, expected, "{}", differs(PAGE, rule));
    });
}
