include!(concat!(env!("OUT_DIR"), "/newest.rs"));

use std::cell::Cell;
use std::rc::Rc;

use exercises::{differs, watched, why};
use newest::{Newest, News};

const PAGE: &str = "boundary/app.html#cancel-and-restart";
const HANGS: &str = "Nothing here has to wait.";

/// How many tasks run.
#[derive(Clone, Default)]
struct Running(Rc<Cell<u32>>);

impl Running {
    fn start(&self) -> Handle {
        self.0.set(self.0.get() + 1);
        Handle(self.clone())
    }

    fn count(&self) -> u32 {
        self.0.get()
    }
}

struct Handle(Running);

impl Drop for Handle {
    fn drop(&mut self) {
        let running = &self.0.0;
        running.set(running.get() - 1);
    }
}

type Owner = Newest<&'static str, Handle>;

/// Restarts, and returns the number of the task.
fn restart(owner: &mut Owner, running: &Running) -> u64 {
    let mut number = None;
    owner.restart(|run| {
        number = Some(run);
        running.start()
    });
    let rule = "`restart` starts a task.";
    assert!(number.is_some(), "{}", why(PAGE, rule));
    number.unwrap_or_default()
}

#[test]
fn the_newest_task_tells_its_progress_and_its_result() {
    watched(PAGE, HANGS, || {
        let (mut owner, running) = (Owner::new(), Running::default());
        assert_eq!((owner.shown(), owner.progress()), (None, None));
        let run = restart(&mut owner, &running);
        let rule = "A task that was started runs, and has done no part yet.";
        assert_eq!(running.count(), 1, "{}", differs(PAGE, rule));
        assert_eq!(owner.progress(), Some(0), "{}", differs(PAGE, rule));
        let rule = "The newest task may change what the owner holds, and a \
                    frame shows the change.";
        assert!(owner.receive(run, News::Progress(3)), "{}", why(PAGE, rule));
        assert_eq!(owner.progress(), Some(3), "{}", differs(PAGE, rule));
        assert!(owner.receive(run, News::Done("a")), "{}", why(PAGE, rule));
        assert_eq!(owner.shown(), Some(&"a"), "{}", differs(PAGE, rule));
        let rule = "A task that is done runs no longer.";
        assert_eq!(owner.progress(), None, "{}", differs(PAGE, rule));
        assert_eq!(running.count(), 0, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_task_that_fails_leaves_the_last_result() {
    watched(PAGE, HANGS, || {
        let (mut owner, running) = (Owner::new(), Running::default());
        let run = restart(&mut owner, &running);
        owner.receive(run, News::Done("a"));
        let run = restart(&mut owner, &running);
        let rule = "The progress is gone from the screen: a frame is needed.";
        assert!(owner.receive(run, News::Failed), "{}", why(PAGE, rule));
        assert_eq!(owner.progress(), None, "{}", differs(PAGE, rule));
        let rule = "The last result stays until the next one comes.";
        assert_eq!(owner.shown(), Some(&"a"), "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_old_task_is_cancelled_before_the_next_one_starts() {
    watched(PAGE, HANGS, || {
        let (mut owner, running) = (Owner::new(), Running::default());
        restart(&mut owner, &running);
        let mut others = None;
        owner.restart(|_| {
            others = Some(running.count());
            running.start()
        });
        let rule = "In `self.task = Some(start(run))` the right side comes \
                    first, so for a moment both tasks run. Drop the old handle \
                    before you call `start`.";
        assert_eq!(others, Some(0), "{}", differs(PAGE, rule));
        let rule = "The handle of the newest task is kept.";
        assert_eq!(running.count(), 1, "{}", differs(PAGE, rule));
    });
}

#[test]
fn an_old_result_is_not_shown() {
    watched(PAGE, HANGS, || {
        let (mut owner, running) = (Owner::new(), Running::default());
        let old = restart(&mut owner, &running);
        let new = restart(&mut owner, &running);
        let drawn = owner.receive(old, News::Done("old"));
        let rule = "The message was in the queue before the old task was \
                    cancelled. Compare its number with that of the newest \
                    task.";
        assert_eq!(owner.shown(), None, "{}", differs(PAGE, rule));
        let rule = "Nothing has changed, so no frame is needed.";
        assert!(!drawn, "{}", why(PAGE, rule));
        owner.receive(new, News::Done("new"));
        owner.receive(old, News::Done("old"));
        let rule = "An old result may also come after the new one.";
        assert_eq!(owner.shown(), Some(&"new"), "{}", differs(PAGE, rule));
    });
}

#[test]
fn old_messages_leave_the_new_task_and_its_progress_alone() {
    watched(PAGE, HANGS, || {
        let (mut owner, running) = (Owner::new(), Running::default());
        let old = restart(&mut owner, &running);
        let new = restart(&mut owner, &running);
        owner.receive(new, News::Progress(3));
        let messages = [News::Progress(9), News::Failed, News::Done("old")];
        for message in messages {
            let drawn = owner.receive(old, message);
            let rule = "The progress is that of the newest task.";
            assert_eq!(owner.progress(), Some(3), "{}", differs(PAGE, rule));
            let rule = "The end of the old task is not the end of the new one: \
                        do not drop its handle.";
            assert_eq!(running.count(), 1, "{}", differs(PAGE, rule));
            let rule = "Nothing has changed, so no frame is needed.";
            assert!(!drawn, "{}", why(PAGE, rule));
        }
    });
}

#[test]
fn a_restart_keeps_the_last_result_and_begins_at_no_progress() {
    watched(PAGE, HANGS, || {
        let (mut owner, running) = (Owner::new(), Running::default());
        let run = restart(&mut owner, &running);
        owner.receive(run, News::Done("a"));
        let run = restart(&mut owner, &running);
        let rule = "Else the window flashes black with each restart.";
        assert_eq!(owner.shown(), Some(&"a"), "{}", differs(PAGE, rule));
        owner.receive(run, News::Progress(9));
        restart(&mut owner, &running);
        let rule = "The progress of the old task is not that of the new one.";
        assert_eq!(owner.progress(), Some(0), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_task_that_was_cancelled_may_not_answer_although_no_other_runs() {
    watched(PAGE, HANGS, || {
        let (mut owner, running) = (Owner::new(), Running::default());
        let run = restart(&mut owner, &running);
        owner.cancel();
        let rule = "`cancel` drops the handle.";
        assert_eq!(running.count(), 0, "{}", differs(PAGE, rule));
        assert_eq!(owner.progress(), None, "{}", differs(PAGE, rule));
        let drawn = owner.receive(run, News::Done("old"));
        let rule = "It has the last number that was given, and yet its task is \
                    cancelled. Compare the number with that of the task that \
                    runs, not with a counter.";
        assert_eq!(owner.shown(), None, "{}", differs(PAGE, rule));
        assert!(!drawn, "{}", why(PAGE, rule));
    });
}

#[test]
fn no_number_is_given_twice() {
    watched(PAGE, HANGS, || {
        let (mut owner, running) = (Owner::new(), Running::default());
        let first = restart(&mut owner, &running);
        owner.cancel();
        let second = restart(&mut owner, &running);
        owner.receive(second, News::Done("a"));
        let third = restart(&mut owner, &running);
        let rule = "Messages of a task may come after it was cancelled or done. \
                    If the next task had its number, they would count as that \
                    task's.";
        let differ = first != second && second != third && first != third;
        assert!(differ, "{}", why(PAGE, rule));
    });
}
