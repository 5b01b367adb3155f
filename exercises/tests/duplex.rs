include!(concat!(env!("OUT_DIR"), "/duplex.rs"));

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use duplex::Connection;
use exercises::{Task, differs, owns, watched, why};

const PAGE: &str = "runtimes/reactor.html";
const HANGS: &str = "A waker was called while the lock was held, and it wants \
                     that lock.";

fn read(it: &Connection, task: &Arc<Task>) -> Poll<u8> {
    it.poll_read(&mut Context::from_waker(&task.waker()))
}

fn write(it: &Connection, task: &Arc<Task>) -> Poll<()> {
    it.poll_write(&mut Context::from_waker(&task.waker()), b'x')
}

#[test]
fn a_byte_wakes_the_reader_and_room_wakes_the_writer() {
    watched(PAGE, HANGS, || {
        for writer_first in [false, true] {
            let it = Connection::default();
            let (reader, writer) = (Task::new(), Task::new());
            if writer_first {
                assert!(write(&it, &writer).is_pending());
                assert!(read(&it, &reader).is_pending());
            } else {
                assert!(read(&it, &reader).is_pending());
                assert!(write(&it, &writer).is_pending());
            }
            it.arrives(7);
            let rule = "A byte has arrived, and the task that reads was not \
                        woken. Both tasks wait at the same time, so each of \
                        them needs a place for its waker.";
            assert!(reader.wakes() > 0, "{}", why(PAGE, rule));
            it.has_room();
            let rule = "There is room, and the task that writes was not woken.";
            assert!(writer.wakes() > 0, "{}", why(PAGE, rule));
            let ends = (read(&it, &reader), write(&it, &writer));
            let rule = "Both are ready now.";
            let expected = (Poll::Ready(7), Poll::Ready(()));
            assert_eq!(ends, expected, "{}", differs(PAGE, rule));
        }
    });
}

#[test]
fn the_newest_waker_wins_in_each_direction() {
    watched(PAGE, HANGS, || {
        let it = Connection::default();
        let (old, new, writer) = (Task::new(), Task::new(), Task::new());
        assert!(read(&it, &old).is_pending());
        assert!(read(&it, &new).is_pending());
        assert!(write(&it, &old).is_pending());
        assert!(write(&it, &writer).is_pending());
        it.arrives(7);
        it.has_room();
        let rule = "The task that polled last was not woken. A future may be \
                    moved to another task, so the newest waker wins.";
        let woken = (new.wakes() > 0, writer.wakes() > 0);
        assert_eq!(woken, (true, true), "{}", differs(PAGE, rule));
    });
}

/// A waker that reads as soon as it is woken.
struct Reads(Arc<Connection>, Arc<Task>);

impl Wake for Reads {
    fn wake(self: Arc<Self>) {
        if read(&self.0, &self.1).is_ready() {
            self.1.waker().wake();
        }
    }
}

#[test]
fn a_waker_may_read_at_once() {
    watched(PAGE, HANGS, || {
        let (it, task) = (Arc::new(Connection::default()), Task::new());
        let waker = Waker::from(Arc::new(Reads(it.clone(), task.clone())));
        let mut cx = Context::from_waker(&waker);
        assert!(it.poll_read(&mut cx).is_pending());
        it.arrives(7);
        let rule = "The waker of the reader read the byte, and there was none.";
        assert_eq!(task.wakes(), 1, "{}", why(PAGE, rule));
    });
}

/// A waker that writes as soon as it is woken.
struct Writes(Arc<Connection>, Arc<Task>);

impl Wake for Writes {
    fn wake(self: Arc<Self>) {
        if write(&self.0, &self.1).is_ready() {
            self.1.waker().wake();
        }
    }
}

#[test]
fn a_waker_may_write_at_once() {
    watched(PAGE, HANGS, || {
        let (it, task) = (Arc::new(Connection::default()), Task::new());
        let waker = Waker::from(Arc::new(Writes(it.clone(), task.clone())));
        let mut cx = Context::from_waker(&waker);
        assert!(it.poll_write(&mut cx, b'x').is_pending());
        it.has_room();
        let rule = "The waker of the writer wrote a byte, and there was no \
                    room.";
        assert_eq!(task.wakes(), 1, "{}", why(PAGE, rule));
    });
}

/// Is the system when it is dropped: a byte arrives, and there is room.
struct ArrivesLast(Arc<Connection>);

impl Drop for ArrivesLast {
    fn drop(&mut self) {
        self.0.arrives(7);
        self.0.has_room();
    }
}

#[test]
fn a_waker_that_is_replaced_may_use_the_connection_as_it_goes() {
    let hangs = "A waker is somebody else's code, its destructor too. This \
                 one uses the connection, which wants the lock. Take the old \
                 waker out of its place and drop it when the guard is gone. An \
                 assignment or `clone_from` drops it under the lock.";
    watched(PAGE, hangs, || {
        for reads in [true, false] {
            let (it, task) = (Arc::new(Connection::default()), Task::new());
            let last = owns(ArrivesLast(it.clone()));
            let mut cx = Context::from_waker(&last);
            let waits = match reads {
                true => it.poll_read(&mut cx).is_pending(),
                false => it.poll_write(&mut cx, b'x').is_pending(),
            };
            assert!(waits);
            drop(last);
            let ready = match reads {
                true => read(&it, &task).is_ready(),
                false => write(&it, &task).is_ready(),
            };
            let rule = "A byte arrived, and room came, during this poll, when \
                        the old waker went. Either the poll finds it, or the \
                        new waker is woken.";
            assert!(ready || task.wakes() > 0, "{}", why(PAGE, rule));
        }
    });
}
