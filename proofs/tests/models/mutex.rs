//! The mutex: nobody who waits is forgotten, whoever else gives up or panics.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use listings::wakers::contract::count::Counter;
use loom::model;
use loom::thread::spawn;

use crate::wakers::block_on::flag::block_on;
use crate::wakers::mutex::{fair, in_line, pool};

/// Polls once. Says whether the value was there.
fn poll<L: Future + Unpin>(lock: &mut L, waker: &Waker) -> bool {
    Pin::new(lock).poll(&mut Context::from_waker(waker)).is_ready()
}

#[test]
fn two_who_lock_have_it_one_after_the_other() {
    model(|| {
        let mutex = Arc::new(fair::Mutex::new(0));
        let other = mutex.clone();
        let worker = spawn(move || *block_on(other.lock()) += 1);
        *block_on(mutex.lock()) += 1;
        worker.join().unwrap();
        assert_eq!(*mutex.try_lock().unwrap(), 2);
    });
}

#[test]
fn of_three_who_lock_none_is_forgotten() {
    // Three threads: every order would take minutes.
    let mut few_switches = loom::model::Builder::new();
    few_switches.preemption_bound = Some(2);
    few_switches.check(|| {
        let mutex = Arc::new(fair::Mutex::new(0));
        let workers = [(); 2].map(|()| {
            let mutex = mutex.clone();
            spawn(move || *block_on(mutex.lock()) += 1)
        });
        *block_on(mutex.lock()) += 1;
        for worker in workers {
            worker.join().unwrap();
        }
        assert_eq!(*mutex.try_lock().unwrap(), 3);
    });
}

#[test]
fn one_who_gives_up_loses_nobodys_turn() {
    model(|| {
        let mutex = Arc::new(fair::Mutex::new(()));
        let guard = mutex.try_lock();
        let (counter, waker) = Counter::new();
        let worker = {
            let mutex = mutex.clone();
            spawn(move || poll(&mut mutex.lock(), &waker))
        };
        let lock = mutex.lock();
        drop(guard);
        drop(block_on(lock));
        worker.join().unwrap();
        assert_eq!(counter.wakers(), 0);
        assert!(mutex.try_lock().is_some());
    });
}

#[test]
fn one_who_gives_up_when_its_turn_has_come_passes_it_on() {
    model(|| {
        let mutex = Arc::new(fair::Mutex::new(()));
        let other = mutex.clone();
        let guard = mutex.try_lock();
        let mut first = mutex.lock();
        assert!(!poll(&mut first, Waker::noop()));
        let worker = spawn(move || drop(block_on(other.lock())));
        drop(guard);
        drop(first);
        worker.join().unwrap();
        assert!(mutex.try_lock().is_some());
    });
}

/// The step before loses it. That loom sees it hang shows that it would see
/// it above.
#[test]
#[should_panic(expected = "deadlock")]
fn the_line_alone_loses_the_turn() {
    model(|| {
        // Never dropped: loom cannot unwind through their destructors.
        let mutex: &_ = Box::leak(Box::new(in_line::Mutex::new(())));
        let guard = block_on(mutex.lock());
        let mut first = mutex.lock();
        assert!(!poll(&mut first, Waker::noop()));
        let second = Box::leak(Box::new(mutex.lock()));
        let worker = spawn(move || drop(block_on(second)));
        drop(guard);
        drop(first);
        worker.join().unwrap();
    });
}

#[test]
fn a_holder_that_panics_gives_the_value_on() {
    model(|| {
        let mutex = Arc::new(fair::Mutex::new(0));
        let other = mutex.clone();
        let worker = spawn(move || {
            catch_unwind(AssertUnwindSafe(|| {
                let mut guard = block_on(other.lock());
                *guard += 1;
                // A panic without a message.
                resume_unwind(Box::new("on purpose"));
            }))
        });
        let seen = *block_on(mutex.lock());
        assert!(worker.join().unwrap().is_err());
        assert!(seen <= 1);
        assert_eq!(*mutex.try_lock().unwrap(), 1);
    });
}

#[test]
fn of_two_permits_each_reaches_one_who_waits_though_another_gives_up() {
    let mut few_switches = loom::model::Builder::new();
    few_switches.preemption_bound = Some(2);
    few_switches.check(|| {
        let semaphore = Arc::new(pool::Semaphore::with_permits(2));
        let permits = [(); 2].map(|()| block_on(semaphore.take()));
        let mut first = semaphore.take();
        assert!(!poll(&mut first, Waker::noop()));
        let workers = [(); 2].map(|()| {
            let semaphore = semaphore.clone();
            spawn(move || drop(block_on(semaphore.take())))
        });
        drop(permits);
        drop(first);
        for worker in workers {
            worker.join().unwrap();
        }
        assert_eq!(semaphore.free(), 2);
    });
}
