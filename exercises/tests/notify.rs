include!(concat!(env!("OUT_DIR"), "/notify.rs"));

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread;

use exercises::{Task, block_on, differs, in_between, owns, watched, why};
use notify::{Notified, Notify};

const LINE: &str = "wakers/notify.html";
const HANGS: &str = "Either `poll` does not come back, or something waits for \
                     a lock that its own thread holds: let go of it before \
                     you wake, and before you drop a waker.";

/// Polls as some task, and says whether it was told.
fn is_told(notified: &mut Notified<'_>) -> bool {
    Task::new().poll(notified).is_ready()
}

#[test]
fn it_waits_until_it_is_told() {
    watched(LINE, HANGS, || {
        let task = Task::new();
        let notify = Notify::default();
        let mut notified = notify.notified();
        let rule = "Nothing has happened yet.";
        assert!(task.poll(&mut notified).is_pending(), "{}", why(LINE, rule));
        let rule = "A wake says that a poll is worth it, and nothing has \
                    happened yet: this is a busy wake.";
        assert_eq!(task.wakes(), 0, "{}", differs(LINE, rule));
        notify.notify_one();
        assert!(task.wakes() > 0, "{}", why(LINE, NO_WAKE));
        let rule = "The next poll has to find out that it was told.";
        assert!(task.poll(&mut notified).is_ready(), "{}", why(LINE, rule));
    });
}

#[test]
fn a_call_that_finds_nobody_is_kept_once() {
    watched(LINE, HANGS, || {
        let notify = Notify::default();
        notify.notify_one();
        notify.notify_one();
        let rule = "Nobody waited, so the call is kept as a permit, and the \
                    next future need not wait. Otherwise a notice between a \
                    look and a wait would be lost.";
        assert!(is_told(&mut notify.notified()), "{}", why(LINE, rule));
        let rule = "There is one permit, however many calls came, and the \
                    first future that comes uses it up.";
        assert!(!is_told(&mut notify.notified()), "{}", why(LINE, rule));
    });
}

#[test]
fn the_one_that_has_waited_longest_is_told_and_no_other() {
    watched(LINE, HANGS, || {
        let tasks = [Task::new(), Task::new(), Task::new()];
        let notify = Notify::default();
        let mut waits = [(); 3].map(|()| notify.notified());
        for (task, wait) in tasks.iter().zip(&mut waits) {
            let _ = task.poll(wait);
        }
        // A poll that nobody asked for does not move it to the end.
        let _ = tasks[0].poll(&mut waits[0]);
        notify.notify_one();
        let rule = "It is a line: `notify_one` tells the future that came \
                    first. Another poll of it does not change its place.";
        let wakes = || tasks.each_ref().map(|task| task.wakes());
        assert_eq!(wakes(), [1, 0, 0], "{}", differs(LINE, rule));
        notify.notify_one();
        let rule = "The first was told before, so the second call is for \
                    the second.";
        assert_eq!(wakes(), [1, 1, 0], "{}", differs(LINE, rule));
        let ready = waits.each_mut().map(is_told);
        let rule = "Each of the two that were told is ready, in whatever \
                    order they are polled. The third is not.";
        assert_eq!(ready, [true, true, false], "{}", differs(LINE, rule));
    });
}

#[test]
fn the_newest_waker_of_each_is_kept_and_no_other() {
    watched(LINE, HANGS, || {
        let (old, new) = (Task::new(), Task::new());
        let notify = Notify::default();
        let mut wait = notify.notified();
        let _ = old.poll(&mut wait);
        let _ = new.poll(&mut wait);
        let rule = "Each future that waits has one place in the line, and in \
                    it the waker of its last poll. (Wakers of the first task, \
                    of the second.)";
        let wakers = (old.wakers(), new.wakers());
        assert_eq!(wakers, (0, 1), "{}", differs(LINE, rule));
    });
}

#[test]
fn one_that_gave_up_is_not_told() {
    watched(LINE, HANGS, || {
        let (first, second) = (Task::new(), Task::new());
        let notify = Notify::default();
        let (mut gives_up, mut waits) = (notify.notified(), notify.notified());
        let _ = first.poll(&mut gives_up);
        let _ = second.poll(&mut waits);
        drop(gives_up);
        let rule = "To drop a future is to cancel it. Give `Notified` a \
                    `Drop` that takes it out of the line.";
        assert_eq!(first.wakers(), 0, "{}", differs(LINE, rule));
        let rule = "The future that was dropped had been told nothing, so it \
                    has nothing to pass on: its `Drop` tells nobody.";
        assert!(!is_told(&mut waits), "{}", why(LINE, rule));
        assert!(!is_told(&mut notify.notified()), "{}", why(LINE, rule));
        let _ = second.poll(&mut waits);
        notify.notify_one();
        let rule = "The first has left the line, so the second is the next.";
        let wakes = (first.wakes(), second.wakes());
        assert_eq!(wakes, (0, 1), "{}", differs(LINE, rule));
    });
}

#[test]
fn one_that_was_told_and_gave_up_tells_the_next() {
    watched(LINE, HANGS, || {
        let second = Task::new();
        let notify = Notify::default();
        let (mut gives_up, mut waits) = (notify.notified(), notify.notified());
        assert!(!is_told(&mut gives_up));
        let _ = second.poll(&mut waits);
        notify.notify_one();
        drop(gives_up);
        let rule = "It was told and will never know. If the news went with \
                    it, the others would wait for ever, so its `Drop` tells \
                    the next.";
        assert!(second.wakes() > 0, "{}", why(LINE, rule));
        assert!(is_told(&mut waits), "{}", why(LINE, rule));

        let mut gives_up = notify.notified();
        assert!(!is_told(&mut gives_up));
        notify.notify_one();
        drop(gives_up);
        let rule = "If nobody is next, the news is kept as a permit.";
        assert!(is_told(&mut notify.notified()), "{}", why(LINE, rule));
    });
}

#[test]
fn one_that_was_ready_tells_nobody_when_it_goes() {
    watched(LINE, HANGS, || {
        let notify = Notify::default();
        let (mut first, mut second) = (notify.notified(), notify.notified());
        assert!(!is_told(&mut first));
        assert!(!is_told(&mut second));
        notify.notify_one();
        assert!(is_told(&mut first), "{}", why(LINE, "The first was told."));
        drop(first);
        let rule = "A future that was ready has used what it was told. It has \
                    nothing to pass on, so its `Drop` tells nobody.";
        assert!(!is_told(&mut second), "{}", why(LINE, rule));
        drop(second);
        assert!(!is_told(&mut notify.notified()), "{}", why(LINE, rule));

        notify.notify_one();
        let mut permit = notify.notified();
        assert!(is_told(&mut permit), "{}", why(LINE, "A permit was kept."));
        drop(permit);
        let rule = "This one used the permit, so its `Drop` tells nobody.";
        assert!(!is_told(&mut notify.notified()), "{}", why(LINE, rule));
    });
}

#[test]
fn after_its_answer_it_is_ready_again() {
    watched(LINE, HANGS, || {
        let task = Task::new();
        let notify = Notify::default();
        notify.notify_one();
        let mut told = notify.notified();
        let _ = task.poll(&mut told);
        let rule = "It was told once and is done. `Pending` would put it into \
                    the line a second time: be ready again, or panic.";
        let again = task.poll_after_ready(&mut told);
        let is_pending = again.is_some_and(|answer| answer.is_pending());
        assert!(!is_pending, "{}", why(LINE, rule));
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
    watched(LINE, hangs, || {
        let notify = Arc::new(Notify::default());
        let waker = Waker::from(Arc::new(TellsOn(notify.clone())));
        let mut wait = notify.notified();
        let answer = Pin::new(&mut wait).poll(&mut Context::from_waker(&waker));
        let rule = "Nothing has happened yet.";
        assert!(answer.is_pending(), "{}", why(LINE, rule));
        notify.notify_one();
        let rule = "The call in the waker found nobody in the line, so it \
                    is kept for the next future.";
        assert!(is_told(&mut notify.notified()), "{}", why(LINE, rule));

        // The one that is dropped tells it.
        let (mut gives_up, mut wait) = (notify.notified(), notify.notified());
        assert!(!is_told(&mut gives_up));
        let answer = Pin::new(&mut wait).poll(&mut Context::from_waker(&waker));
        assert!(answer.is_pending());
        notify.notify_one();
        drop(gives_up);
        assert!(is_told(&mut notify.notified()), "{}", why(LINE, rule));
    });
}

/// Tells when it is dropped.
struct TellsLast(Arc<Notify>);

impl Drop for TellsLast {
    fn drop(&mut self) {
        // A second panic would end the process.
        if !thread::panicking() {
            self.0.notify_one();
        }
    }
}

const LAST: &str = "A waker is somebody else's code, its destructor too. This \
                 one calls `notify_one`, which wants the lock. Take the old \
                 waker out of the line and drop it when the guard is gone.";

#[test]
fn a_waker_may_use_it_as_it_is_replaced() {
    watched(LINE, LAST, || {
        let notify = Arc::new(Notify::default());
        let task = Task::new();
        let mut wait = notify.notified();
        let poll_with_last = |wait: &mut Notified<'_>| {
            let last = owns(TellsLast(notify.clone()));
            Pin::new(wait).poll(&mut Context::from_waker(&last))
        };
        let rule = "Nothing has happened yet.";
        // Replaced.
        assert!(poll_with_last(&mut wait).is_pending(), "{}", why(LINE, rule));
        let told = task.poll(&mut wait).is_ready() || task.wakes() > 0;
        let rule = "The old waker told it during this poll. Either the poll \
                    sees it, or the new waker is woken.";
        assert!(told, "{}", why(LINE, rule));
    });
}

#[test]
fn a_waker_may_use_it_as_it_goes_with_its_future() {
    watched(LINE, LAST, || {
        let notify = Arc::new(Notify::default());
        let mut wait = notify.notified();
        let last = owns(TellsLast(notify.clone()));
        let answer = Pin::new(&mut wait).poll(&mut Context::from_waker(&last));
        drop(last);
        let rule = "Nothing has happened yet.";
        assert!(answer.is_pending(), "{}", why(LINE, rule));
        drop(wait);
        let rule = "The waker told when it went, and nobody was in the line.";
        assert!(is_told(&mut notify.notified()), "{}", why(LINE, rule));
    });
}

const NO_WAKE: &str = "A future that waits has left its waker, and \
                       `notify_one` has not woken it.";
const ONE_LOCK: &str = "The news came between the look for the permit and the \
                        place in the line: it left a permit beside a future \
                        that waits. Both belong under one lock, without \
                        letting go in between.";

#[test]
fn what_comes_between_two_steps_is_noticed() {
    watched(LINE, HANGS, || {
        let task = Task::new();
        let notify = Notify::default();
        let mut wait = notify.notified();
        let _ = task.poll(&mut wait);
        notify.notify_one();
        assert!(task.wakes() > 0, "{}", why(LINE, NO_WAKE));
        for unlocks in 0..3 {
            let task = Task::new();
            let notify: &'static Notify = Box::leak(Box::default());
            let mut wait = notify.notified();
            let other = || notify.notify_one();
            let answer = in_between(unlocks, other, || task.poll(&mut wait));
            let noticed = answer.is_ready() || task.wakes() > 0;
            assert!(noticed, "{}", why(LINE, ONE_LOCK));
        }
    });
}

#[test]
fn what_comes_while_one_gives_up_is_kept() {
    watched(LINE, HANGS, || {
        for unlocks in 0..3 {
            let notify: &'static Notify = Box::leak(Box::default());
            let mut gives_up = notify.notified();
            assert!(!is_told(&mut gives_up));
            let other = || notify.notify_one();
            in_between(unlocks, other, || drop(gives_up));
            let rule = "The news came while the future was dropped. It told \
                        that future, which had looked before whether it was \
                        told. To look and to leave the line belong under one \
                        lock.";
            assert!(is_told(&mut notify.notified()), "{}", why(LINE, rule));
        }
    });
}

#[test]
fn another_thread_may_tell() {
    let hangs = "The runner sleeps, and was told long ago.";
    watched(LINE, hangs, || {
        let notify = Arc::new(Notify::default());
        for _ in 0..200 {
            let tells = notify.clone();
            let other = thread::spawn(move || tells.notify_one());
            block_on(notify.notified());
            other.join().expect("telling does not panic");
        }
    });
}
