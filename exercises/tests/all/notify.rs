use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use exercises::notify::Notify;

use crate::support::{Task, block_on, differs, watched, why};

const NOTIFY: &str = "wakers/channel.html#without-a-value";
const DEADLOCK: &str = "Probably it waits for a lock that its own thread \
                        holds: let go of it before you wake, and before you \
                        drop a waker.";

#[test]
fn it_waits_until_it_is_told() {
    watched(NOTIFY, DEADLOCK, || {
        let task = Task::new();
        let notify = Notify::default();
        let mut notified = notify.notified();
        assert!(
            task.poll(&mut notified).is_pending(),
            "{}",
            why(NOTIFY, "Nothing has happened yet.")
        );
        notify.notify_one();
        let rule = "Whoever waits has left a waker, and `notify_one` wakes \
                    it.";
        assert_eq!(task.wakes(), 1, "{}", differs(NOTIFY, rule));
        let rule = "The next poll has to find out that it was told.";
        assert!(task.poll(&mut notified).is_ready(), "{}", why(NOTIFY, rule));
    });
}

#[test]
fn a_call_that_finds_nobody_is_kept_once() {
    watched(NOTIFY, DEADLOCK, || {
        let task = Task::new();
        let notify = Notify::default();
        notify.notify_one();
        notify.notify_one();
        let rule = "Nobody waited, so the next who comes need not wait. \
                    Otherwise a look at a flag and the wait for the next \
                    change would have a gap between them.";
        assert!(
            task.poll(&mut notify.notified()).is_ready(),
            "{}",
            why(NOTIFY, rule)
        );
        let rule = "It is kept once, and used up by the first who comes.";
        assert!(
            task.poll(&mut notify.notified()).is_pending(),
            "{}",
            why(NOTIFY, rule)
        );
    });
}

#[test]
fn the_one_that_has_waited_longest_is_told_and_no_other() {
    watched(NOTIFY, DEADLOCK, || {
        let tasks = [Task::new(), Task::new(), Task::new()];
        let notify = Notify::default();
        let mut waits = [(); 3].map(|()| notify.notified());
        for (task, wait) in tasks.iter().zip(&mut waits) {
            let _ = task.poll(wait);
        }
        // A poll that nobody asked for does not move it to the end.
        let _ = tasks[0].poll(&mut waits[0]);
        notify.notify_one();
        let rule = "It is a line: `notify_one` tells the one that came \
                    first. Another poll of it does not change its place.";
        let wakes = || tasks.each_ref().map(|task| task.wakes());
        assert_eq!(wakes(), [1, 0, 0], "{}", differs(NOTIFY, rule));
        notify.notify_one();
        let rule = "The first was told before, so the second call is for \
                    the second.";
        assert_eq!(wakes(), [1, 1, 0], "{}", differs(NOTIFY, rule));
        let ready: Vec<bool> = tasks
            .iter()
            .zip(&mut waits)
            .map(|(task, wait)| task.poll(wait).is_ready())
            .collect();
        let rule = "Each of the two that were told is ready, whoever polls \
                    first. The third is not.";
        assert_eq!(ready, [true, true, false], "{}", differs(NOTIFY, rule));
    });
}

#[test]
fn the_newest_waker_of_each_is_kept_and_no_other() {
    watched(NOTIFY, DEADLOCK, || {
        let (old, new) = (Task::new(), Task::new());
        let notify = Notify::default();
        let mut wait = notify.notified();
        let _ = old.poll(&mut wait);
        let _ = new.poll(&mut wait);
        let rule = "Each future that waits has one place in the line, and in \
                    it the waker of its last poll.";
        assert_eq!(
            (old.wakers(), new.wakers()),
            (0, 1),
            "{}",
            differs("wakers/contract.html#how-many-to-keep", rule)
        );
    });
}

#[test]
fn one_that_gave_up_is_not_told() {
    watched(NOTIFY, DEADLOCK, || {
        let (first, second) = (Task::new(), Task::new());
        let notify = Notify::default();
        let mut gives_up = notify.notified();
        let mut waits = notify.notified();
        let _ = first.poll(&mut gives_up);
        let _ = second.poll(&mut waits);
        drop(gives_up);
        let rule = "To drop a future is to cancel it. Give `Notified` a \
                    `Drop` that takes it out of the line.";
        assert_eq!(first.wakers(), 0, "{}", differs(NOTIFY, rule));
        notify.notify_one();
        assert_eq!(
            (first.wakes(), second.wakes()),
            (0, 1),
            "{}",
            differs(NOTIFY, rule)
        );
    });
}

#[test]
fn one_that_was_told_and_gave_up_tells_the_next() {
    watched(NOTIFY, DEADLOCK, || {
        let (first, second) = (Task::new(), Task::new());
        let notify = Notify::default();
        let mut gives_up = notify.notified();
        let mut waits = notify.notified();
        let _ = first.poll(&mut gives_up);
        let _ = second.poll(&mut waits);
        notify.notify_one();
        drop(gives_up);
        let rule = "It was told and will never know. If the news went with \
                    it, the others would wait for ever, so its `Drop` tells \
                    the next.";
        assert_eq!(second.wakes(), 1, "{}", differs(NOTIFY, rule));
        assert_eq!(second.poll(&mut waits), Poll::Ready(()));

        let mut gives_up = notify.notified();
        let _ = first.poll(&mut gives_up);
        notify.notify_one();
        drop(gives_up);
        let rule = "If nobody is next, the news is kept for who comes.";
        assert!(
            second.poll(&mut notify.notified()).is_ready(),
            "{}",
            why(NOTIFY, rule)
        );
    });
}

#[test]
fn a_waker_may_use_it_inside_wake() {
    struct TellsOn(Arc<Notify>);

    impl Wake for TellsOn {
        fn wake(self: Arc<Self>) {
            self.0.notify_one();
        }
    }

    let hangs = "A waker is somebody else's code, and this one calls \
                 `notify_one`, which wants the lock. Take the waker out, \
                 drop the guard, and then wake.";
    watched(NOTIFY, hangs, || {
        let notify = Arc::new(Notify::default());
        let waker = Waker::from(Arc::new(TellsOn(notify.clone())));
        let mut wait = notify.notified();
        let answer = Pin::new(&mut wait).poll(&mut Context::from_waker(&waker));
        assert!(answer.is_pending());
        notify.notify_one();
        let rule = "The call in the waker found nobody in the line, so it \
                    is kept for the next who comes.";
        assert!(
            Task::new().poll(&mut notify.notified()).is_ready(),
            "{}",
            why(NOTIFY, rule)
        );
    });
}

#[test]
fn another_thread_may_tell() {
    let hangs = "The look for the permit and the place in the line belong \
                 under one lock. Else the news may come between them.";
    watched(NOTIFY, hangs, || {
        let notify = Arc::new(Notify::default());
        for _ in 0..200 {
            let tells = notify.clone();
            let other = thread::spawn(move || tells.notify_one());
            block_on(notify.notified());
            other.join().expect("telling does not panic");
        }
    });
}
