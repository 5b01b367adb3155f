include!(concat!(env!("OUT_DIR"), "/keeps_going.rs"));

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use exercises::{Task, differs, probe, watched, why};
use keeps_going::{Stream, process_all};

const PAGE: &str = "runtimes/streams.html";
const HANGS: &str = "It does not come to an end. Is the stream asked without \
                     a limit, or waited for after its end?";

/// A stream that gives what the test puts into it.
#[derive(Clone, Default)]
struct Source(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    items: VecDeque<u32>,
    ends: bool,
    has_ended: bool,
    waker: Option<Waker>,
}

impl Source {
    fn put(&self, item: u32) {
        self.0.borrow_mut().items.push_back(item);
        let waker = self.0.borrow_mut().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn left(&self) -> usize {
        self.0.borrow().items.len()
    }

    fn has_ended(&self) -> bool {
        self.0.borrow().has_ended
    }
}

impl Stream for Source {
    type Item = u32;

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<u32>> {
        let mut state = self.0.borrow_mut();
        let rule = "The stream has ended. Do not poll it any more.";
        assert!(!state.has_ended, "{}", why(PAGE, rule));
        if let Some(item) = state.items.pop_front() {
            return Poll::Ready(Some(item));
        }
        if state.ends {
            state.has_ended = true;
            return Poll::Ready(None);
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

#[test]
fn the_stream_wakes_the_task_while_process_waits() {
    watched(PAGE, HANGS, || {
        let (task, source) = (Task::new(), Source::default());
        let (work, _is_done) = probe::<()>();
        let mut work = Some(work);
        let all = process_all(source.clone(), async |_| {
            work.take().expect("one at a time").await;
        });
        let mut all = pin!(all);
        source.put(1);
        assert!(task.poll(&mut all).is_pending());
        let before = task.wakes();
        source.put(2);
        let rule = "A value has come while `process` waits, and the task was \
                    not woken. Who polls the stream?";
        assert!(task.wakes() > before, "{}", why(PAGE, rule));
        assert!(task.poll(&mut all).is_pending());
        let rule = "A value has come while `process` waits, and it is still \
                    in the stream.";
        assert_eq!(source.left(), 0, "{}", differs(PAGE, rule));
    });
}

#[test]
fn two_values_may_come_before_one_poll() {
    watched(PAGE, HANGS, || {
        let (task, source) = (Task::new(), Source::default());
        let (work, _is_done) = probe::<()>();
        let mut work = Some(work);
        let all = process_all(source.clone(), async |_| {
            work.take().expect("one at a time").await;
        });
        let mut all = pin!(all);
        source.put(1);
        let mut before = task.wakes();
        assert!(task.poll(&mut all).is_pending());
        source.put(2);
        source.put(3);
        // Polled as often as it is woken.
        for _ in 0..100 {
            if task.wakes() == before {
                break;
            }
            before = task.wakes();
            assert!(task.poll(&mut all).is_pending());
        }
        let rule = "Two values have come while `process` waits. One is still in \
                    the stream, and nothing will wake the task for it: a \
                    stream that gives a value keeps no waker. Poll it until it \
                    is pending, or 16 values wait.";
        assert_eq!(source.left(), 0, "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_end_may_come_while_process_waits() {
    watched(PAGE, HANGS, || {
        let (task, source) = (Task::new(), Source::default());
        (1..=3).for_each(|item| source.put(item));
        source.0.borrow_mut().ends = true;
        let (works, done): (Vec<_>, Vec<_>) =
            [(); 3].map(|()| probe::<()>()).into_iter().unzip();
        let (mut works, begun) = (works.into_iter(), RefCell::new(vec![]));
        let all = process_all(source.clone(), async |item| {
            begun.borrow_mut().push(item);
            works.next().expect("three values").await;
        });
        let mut all = pin!(all);
        for _ in 0..10 {
            assert!(task.poll(&mut all).is_pending());
        }
        let rule = "The stream gave its values and ended while `process` \
                    waited with the first.";
        assert!(source.has_ended(), "{}", why(PAGE, rule));
        let rule = "One value is processed at a time, in their order.";
        assert_eq!(*begun.borrow(), [1], "{}", differs(PAGE, rule));
        let mut end = Poll::Pending;
        for (n, done) in (1..).zip(done) {
            assert!(end.is_pending());
            let before = task.wakes();
            done.set(());
            let rule = "The work is done, and the task is not woken.";
            assert!(task.wakes() > before, "{}", why(PAGE, rule));
            end = task.poll(&mut all);
            let expected: Vec<u32> = (1..=3.min(n + 1)).collect();
            let rule = "One value is processed at a time, in their order.";
            assert_eq!(*begun.borrow(), expected, "{}", differs(PAGE, rule));
        }
        let rule = "All is processed, and the stream has ended.";
        assert!(end.is_ready(), "{}", why(PAGE, rule));
    });
}

#[test]
fn an_endless_stream_is_asked_for_no_more_than_may_wait() {
    /// Always ready.
    struct Endless(Rc<Cell<u32>>);
    impl Stream for Endless {
        type Item = u32;
        fn poll_next(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<u32>> {
            self.0.set(self.0.get() + 1);
            Poll::Ready(Some(self.0.get()))
        }
    }
    watched(PAGE, HANGS, || {
        let (task, asked) = (Task::new(), Rc::new(Cell::new(0)));
        let (work, _is_done) = probe::<()>();
        let mut work = Some(work);
        let all = process_all(Endless(asked.clone()), async |_| {
            work.take().expect("one at a time").await;
        });
        let mut all = pin!(all);
        for _ in 0..40 {
            assert!(task.poll(&mut all).is_pending());
        }
        let rule = "While the first value is processed, the stream is asked \
                    for more, and not for more than 16.";
        let asked = asked.get();
        assert!((2..=17).contains(&asked), "{} {asked}", why(PAGE, rule));
    });
}
