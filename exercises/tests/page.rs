include!(concat!(env!("OUT_DIR"), "/page.rs"));

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use exercises::{differs, probe, watched, why};
use page::Page;

const PAGE: &str = "boundary/web.html#spawn_local-the-browser-is-the-executor";
const HANGS: &str = "`turn` ends when nothing is woken: a task that is pending \
                     waits for its waker. Or a lock lasts while a task is \
                     polled: that of `while let Some(_) = \
                     self.woken.lock()…` lasts to the end of its body.";

#[test]
fn a_task_begins_when_the_code_has_returned() {
    watched(PAGE, HANGS, || {
        let page = Page::default();
        let lines = Rc::new(RefCell::new(Vec::new()));
        let said = lines.clone();
        page.spawn_local(async move { said.borrow_mut().push("task") });
        lines.borrow_mut().push("spawned");
        page.turn();
        let rule = "`spawn_local` polls nothing, `turn` does.";
        assert_eq!(*lines.borrow(), ["spawned", "task"], "{}", why(PAGE, rule));
    });
}

#[test]
fn a_task_that_is_pending_is_polled_after_a_wake_and_not_before() {
    watched(PAGE, HANGS, || {
        let page = Page::default();
        let polls = Rc::new(Cell::new(0));
        let place: Rc<RefCell<Option<Waker>>> = Rc::default();
        let (counting, left) = (polls.clone(), place.clone());
        page.spawn_local(poll_fn(move |context| {
            counting.set(counting.get() + 1);
            *left.borrow_mut() = Some(context.waker().clone());
            if counting.get() == 2 { Poll::Ready(()) } else { Poll::Pending }
        }));
        page.turn();
        page.turn();
        let rule = "Nobody woke the task between the two turns.";
        assert_eq!(polls.get(), 1, "{}", differs(PAGE, rule));
        let waker = place.borrow_mut().take().expect("it was polled");
        waker.wake_by_ref();
        waker.wake_by_ref();
        page.turn();
        let rule = "The task was woken, so the next turn polls it.";
        assert_eq!(polls.get(), 2, "{}", differs(PAGE, rule));
        let rule = "A task that is done is dropped.";
        assert!(page.tasks.borrow().is_empty(), "{}", why(PAGE, rule));
    });
}

#[test]
fn a_task_may_spawn_another_one() {
    watched(PAGE, HANGS, || {
        let page = Page::default();
        let done = Rc::new(Cell::new(false));
        let (inner, task) = (page.clone(), done.clone());
        page.spawn_local(async move {
            inner.spawn_local(async move { task.set(true) });
        });
        page.turn();
        let rule = "No borrow lasts while a task is polled, and the new task \
                    runs in the same turn.";
        assert!(done.get(), "{}", differs(PAGE, rule));
        assert!(page.tasks.borrow().is_empty(), "{}", why(PAGE, rule));
    });
}

#[test]
fn a_task_that_spawns_another_one_and_waits_is_polled_again() {
    watched(PAGE, HANGS, || {
        let page = Page::default();
        let done = Rc::new(RefCell::new(Vec::new()));
        let (inner, said) = (page.clone(), done.clone());
        let mut has_spawned = false;
        page.spawn_local(poll_fn(move |context| {
            let said = said.clone();
            if has_spawned {
                said.borrow_mut().push("first");
                return Poll::Ready(());
            }
            has_spawned = true;
            inner.spawn_local(async move { said.borrow_mut().push("second") });
            context.waker().wake_by_ref();
            Poll::Pending
        }));
        page.turn();
        done.borrow_mut().sort_unstable();
        let rule = "The first task was still being polled when it spawned the \
                    second, so its number was not free.";
        let both = ["first", "second"];
        assert_eq!(*done.borrow(), both, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_new_task_takes_the_number_of_no_task_that_waits() {
    watched(PAGE, HANGS, || {
        let page = Page::default();
        let done = Rc::new(Cell::new(false));
        let (waits, remote) = probe();
        let waited = done.clone();
        page.spawn_local(async {});
        page.spawn_local(async move {
            waits.await;
            waited.set(true);
        });
        page.turn();
        page.spawn_local(async {});
        page.turn();
        let rule = "Two tasks were spawned, and the first is done. The third \
                    took the place of the second, which waits: how many tasks \
                    there are is no number that is free.";
        assert!(!remote.is_dropped(), "{}", why(PAGE, rule));
        remote.set(());
        page.turn();
        let rule = "The task was woken, so the next turn polls it.";
        assert!(done.get(), "{}", why(PAGE, rule));
    });
}
