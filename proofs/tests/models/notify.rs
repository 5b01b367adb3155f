//! The notify: what happened is never slept through.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use loom::model;
use loom::model::Builder;
use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use loom::thread::spawn;

use crate::wakers::block_on::flag::block_on;
use crate::wakers::notify::line::Notify;

/// Something that happens, and the notify that tells of it.
#[derive(Clone)]
struct News {
    there: Arc<AtomicBool>,
    notify: Arc<Notify>,
}

fn news() -> News {
    let there = Arc::new(AtomicBool::new(false));
    News { there, notify: Arc::default() }
}

impl News {
    async fn wait(&self) {
        loop {
            let told = self.notify.notified();
            if self.there.load(Relaxed) {
                return;
            }
            told.await;
        }
    }
}

#[test]
fn a_notice_between_the_look_and_the_wait_is_not_lost() {
    model(|| {
        let news = news();
        let other = {
            let news = news.clone();
            spawn(move || {
                news.there.store(true, Relaxed);
                news.notify.notify_one();
            })
        };
        block_on(async {
            while !news.there.load(Relaxed) {
                news.notify.notified().await;
            }
        });
        other.join().unwrap();
    });
}

#[test]
fn a_notice_to_all_reaches_who_asked_before_it_looked() {
    model(|| {
        let news = news();
        let other = {
            let news = news.clone();
            spawn(move || {
                news.there.store(true, Relaxed);
                news.notify.notify_waiters();
            })
        };
        block_on(news.wait());
        other.join().unwrap();
    });
}

#[test]
fn one_that_was_told_and_gives_up_tells_the_other() {
    // Three threads: every order would take minutes.
    let mut few_switches = Builder::new();
    few_switches.preemption_bound = Some(2);
    few_switches.check(|| {
        let news = news();
        let gives_up = {
            let notify = news.notify.clone();
            spawn(move || {
                let mut told = notify.notified();
                let mut cx = Context::from_waker(Waker::noop());
                if Pin::new(&mut told).poll(&mut cx).is_ready() {
                    // It used the permit, and so it has to tell.
                    notify.notify_one();
                }
            })
        };
        let tells = {
            let news = news.clone();
            spawn(move || {
                news.there.store(true, Relaxed);
                news.notify.notify_one();
            })
        };
        block_on(news.wait());
        gives_up.join().unwrap();
        tells.join().unwrap();
    });
}

/// Jobs that two workers take, one each.
struct Jobs {
    left: AtomicU32,
    notify: Notify,
}

impl Jobs {
    fn take(&self) -> bool {
        let less = |left: u32| left.checked_sub(1);
        self.left.fetch_update(Relaxed, Relaxed, less).is_ok()
    }
}

fn two_jobs_for(worker: fn(&'static Jobs)) {
    let mut few_switches = Builder::new();
    few_switches.preemption_bound = Some(2);
    few_switches.check(move || {
        // Never dropped: loom cannot unwind through their destructors.
        let jobs: &_ = Box::leak(Box::new(Jobs {
            left: AtomicU32::new(0),
            notify: Notify::default(),
        }));
        let workers = [(); 2].map(|()| spawn(move || worker(jobs)));
        for _ in 0..2 {
            jobs.left.fetch_add(1, Relaxed);
            jobs.notify.notify_one();
        }
        for worker in workers {
            worker.join().unwrap();
        }
    });
}

#[test]
#[should_panic(expected = "deadlock")]
fn of_two_workers_who_look_and_then_wait_one_may_sleep_beside_a_job() {
    two_jobs_for(|jobs| {
        while !jobs.take() {
            block_on(Box::leak(Box::new(jobs.notify.notified())));
        }
    });
}

#[test]
fn of_two_workers_in_line_before_they_look_none_sleeps_beside_a_job() {
    two_jobs_for(|jobs| {
        loop {
            let mut told = jobs.notify.notified();
            let mut cx = Context::from_waker(Waker::noop());
            let poll = Pin::new(&mut told).poll(&mut cx);
            if jobs.take() {
                return;
            }
            if poll == Poll::Pending {
                block_on(&mut told);
            }
        }
    });
}
