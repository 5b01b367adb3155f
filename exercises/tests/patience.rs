include!(concat!(env!("OUT_DIR"), "/patience.rs"));

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use exercises::notify::Notify;
use exercises::{Task, block_on, differs, is_ready, probe, watched, why};
use patience::told;

const PAGE: &str = "cancellation/futurelock.html";
const HANGS: &str = "It was told, and does not hear it. Which future was \
                     given the news, and who polls this future?";

#[test]
fn it_is_told_before_and_after_its_patience_is_over() {
    watched(PAGE, HANGS, || {
        for complains in [false, true] {
            let task = Task::new();
            let notify = Notify::default();
            let complained = Cell::new(false);
            let (patience, is_over) = probe();
            let complain = || complained.set(true);
            let mut told = pin!(told(&notify, patience, complain));
            let rule = "Nobody has told it anything.";
            assert!(task.poll(&mut told).is_pending(), "{}", why(PAGE, rule));
            if complains {
                is_over.set(());
                assert!(task.poll(&mut told).is_pending());
            }
            let rule = "It complains when its patience is over, and only then.";
            let did = complained.get();
            assert_eq!(did, complains, "{}", differs(PAGE, rule));
            notify.notify_one();
            let end = task.poll(&mut told);
            assert_eq!(end, Poll::Ready(complains), "{}", differs(PAGE, HANGS));
        }
    });
}

#[test]
fn it_uses_one_piece_of_news_and_leaves_the_next_to_others() {
    watched(PAGE, HANGS, || {
        let task = Task::new();
        let notify = Notify::default();
        let (patience, is_over) = probe();
        let mut told = pin!(told(&notify, patience, || {}));
        let mut other = notify.notified();
        assert!(task.poll(&mut told).is_pending());
        assert!(!is_ready(&mut other));
        is_over.set(());
        assert!(task.poll(&mut told).is_pending());
        notify.notify_one();
        notify.notify_one();
        let rule = "Two are told, and two wait. Both are ready.";
        let both = (task.poll(&mut told).is_ready(), is_ready(&mut other));
        assert_eq!(both, (true, true), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_runner_that_sleeps_gets_to_the_end() {
    watched(PAGE, HANGS, || {
        let notify = Arc::new(Notify::default());
        let tells = notify.clone();
        let (patience, is_over) = probe();
        is_over.set(());
        let complain = move || {
            std::thread::spawn(move || tells.notify_one());
        };
        let complained = block_on(told(&notify, patience, complain));
        let rule = "Its patience was over from the start.";
        assert!(complained, "{}", why(PAGE, rule));
    });
}
