include!(concat!(env!("OUT_DIR"), "/shutdown.rs"));

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use exercises::{differs, watched, why};
use shutdown::{Crew, End};

const PAGE: &str = "runtimes/scheduling.html#graceful-shutdown-drain-then-drop";
const HANGS: &str = "`shutdown` goes on although no task is left, or although \
                     it has done its rounds.";

/// Ready at its poll number `polls`. Counts its polls.
fn steps(polls: u32, seen: Rc<Cell<u32>>) -> impl Future<Output = ()> {
    poll_fn(move |_| {
        seen.set(seen.get() + 1);
        if seen.get() == polls { Poll::Ready(()) } else { Poll::Pending }
    })
}

#[test]
fn a_task_that_ends_in_time_is_done() {
    watched(PAGE, HANGS, || {
        let (mut crew, polls) = (Crew::default(), Rc::default());
        let handle = crew.spawn(steps(3, Rc::clone(&polls)));
        assert_eq!(
            handle.get(),
            None,
            "{}",
            differs(PAGE, "It has not ended.")
        );
        // So many rounds without a task take longer than the watchdog waits.
        let left = crew.shutdown(u32::MAX);
        let rule = "The task needs three rounds, and there are far more.";
        assert_eq!(left, 0, "{}", differs(PAGE, rule));
        assert_eq!(handle.get(), Some(End::Done), "{}", differs(PAGE, rule));
        let rule = "It is polled until it is done.";
        assert_eq!(polls.get(), 3, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_task_that_is_left_is_dropped_and_its_handle_says_so() {
    watched(PAGE, HANGS, || {
        let mut crew = Crew::default();
        let owned = Rc::new(());
        let held = owned.clone();
        let left = crew.spawn(async move {
            let _held = held;
            pending().await
        });
        let done = crew.spawn(async {});
        let dropped = crew.shutdown(5);
        let rule = "One task of the two is left after five rounds.";
        assert_eq!(dropped, 1, "{}", differs(PAGE, rule));
        let rule = "What is left is dropped, not only forgotten.";
        assert_eq!(Rc::strong_count(&owned), 1, "{}", differs(PAGE, rule));
        let rule = "Every handle is told, each with its own end.";
        let ends = (left.get(), done.get());
        let expected = (Some(End::Cancelled), Some(End::Done));
        assert_eq!(ends, expected, "{}", differs(PAGE, rule));
    });
}

#[test]
fn no_more_rounds_than_were_given() {
    watched(PAGE, HANGS, || {
        let (mut crew, polls) = (Crew::default(), Rc::default());
        drop(crew.spawn(steps(100, Rc::clone(&polls))));
        crew.shutdown(7);
        let rule = "Seven rounds were given, so it is polled seven times.";
        assert_eq!(polls.get(), 7, "{}", differs(PAGE, rule));
        let zero = Rc::default();
        let mut crew = Crew::default();
        drop(crew.spawn(steps(1, Rc::clone(&zero))));
        let left = crew.shutdown(0);
        let rule = "Without a round nothing is polled.";
        assert_eq!((left, zero.get()), (1, 0), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_closed_crew_takes_no_task() {
    watched(PAGE, HANGS, || {
        let mut crew = Crew::default();
        crew.shutdown(3);
        let owned = Rc::new(());
        let held = owned.clone();
        let handle = crew.spawn(async move { drop(held) });
        let rule = "A task that is not taken is dropped at once.";
        assert_eq!(Rc::strong_count(&owned), 1, "{}", differs(PAGE, rule));
        let rule = "Whoever waits for it must hear of it.";
        let end = Some(End::Cancelled);
        assert_eq!(handle.get(), end, "{}", differs(PAGE, rule));
        let open = Crew::default().spawn(async {});
        let text = "A crew that is open takes it, and polls it later.";
        assert!(open.get().is_none(), "{}", why(PAGE, text));
    });
}
