//! Mutexes that are waited for, and semaphores.

use std::array;
use std::hint::black_box;
use std::pin::pin;
use std::sync::{self, PoisonError};
use std::task::Context;

use listings::wakers::mutex::{fair, pool};

use super::table::{Run, Table, workload};
use super::waker::{quiet, ready, waits};

/// How many wait in a line.
const LINE: usize = 10;

/// A mutex around a number.
trait Lock: 'static {
    type Guard<'a>;

    fn new() -> Self;
    fn lock(&self) -> impl Future<Output = Self::Guard<'_>>;
    /// Uses the number.
    fn touch(guard: &mut Self::Guard<'_>);
}

impl Lock for fair::Mutex<u64> {
    type Guard<'a> = fair::Guard<'a, u64>;

    fn new() -> Self {
        fair::Mutex::new(0)
    }
    fn lock(&self) -> impl Future<Output = Self::Guard<'_>> {
        self.lock()
    }
    fn touch(guard: &mut Self::Guard<'_>) {
        **guard += 1;
    }
}

impl Lock for tokio::sync::Mutex<u64> {
    type Guard<'a> = tokio::sync::MutexGuard<'a, u64>;

    fn new() -> Self {
        tokio::sync::Mutex::new(0)
    }
    fn lock(&self) -> impl Future<Output = Self::Guard<'_>> {
        self.lock()
    }
    fn touch(guard: &mut Self::Guard<'_>) {
        **guard += 1;
    }
}

impl Lock for futures::lock::Mutex<u64> {
    type Guard<'a> = futures::lock::MutexGuard<'a, u64>;

    fn new() -> Self {
        futures::lock::Mutex::new(0)
    }
    fn lock(&self) -> impl Future<Output = Self::Guard<'_>> {
        self.lock()
    }
    fn touch(guard: &mut Self::Guard<'_>) {
        **guard += 1;
    }
}

impl Lock for smol::lock::Mutex<u64> {
    type Guard<'a> = smol::lock::MutexGuard<'a, u64>;

    fn new() -> Self {
        smol::lock::Mutex::new(0)
    }
    fn lock(&self) -> impl Future<Output = Self::Guard<'_>> {
        self.lock()
    }
    fn touch(guard: &mut Self::Guard<'_>) {
        **guard += 1;
    }
}

impl Lock for pool::Semaphore {
    type Guard<'a> = pool::Loan<'a, ()>;

    fn new() -> Self {
        pool::Semaphore::with_permits(1)
    }
    fn lock(&self) -> impl Future<Output = Self::Guard<'_>> {
        self.take()
    }
    fn touch(_permit: &mut Self::Guard<'_>) {}
}

impl Lock for tokio::sync::Semaphore {
    type Guard<'a> = tokio::sync::SemaphorePermit<'a>;

    fn new() -> Self {
        tokio::sync::Semaphore::new(1)
    }
    async fn lock(&self) -> Self::Guard<'_> {
        self.acquire().await.expect("nobody closes it")
    }
    fn touch(_permit: &mut Self::Guard<'_>) {}
}

impl Lock for smol::lock::Semaphore {
    type Guard<'a> = smol::lock::SemaphoreGuard<'a>;

    fn new() -> Self {
        smol::lock::Semaphore::new(1)
    }
    fn lock(&self) -> impl Future<Output = Self::Guard<'_>> {
        self.acquire()
    }
    fn touch(_permit: &mut Self::Guard<'_>) {}
}

/// Nobody else wants it. Operation: a lock.
fn free<L: Lock>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let mutex = black_box(L::new());
    for _ in 0..operations {
        L::touch(&mut ready(pin!(mutex.lock()), cx));
    }
}

/// The same with std's, which is not waited for but blocks.
fn free_in_std(operations: usize) {
    let mutex = black_box(sync::Mutex::new(0_u64));
    for _ in 0..operations {
        *mutex.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }
}

/// Somebody holds it when it is asked for. Operation: the two locks.
fn held<L: Lock>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let mutex = black_box(L::new());
    for _ in 0..operations {
        let guard = ready(pin!(mutex.lock()), cx);
        let mut next = pin!(mutex.lock());
        waits(next.as_mut(), cx);
        drop(guard);
        L::touch(&mut ready(next, cx));
    }
}

/// Ten wait, and all get it in turn. Operation: a lock.
fn line<L: Lock>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let mutex = black_box(L::new());
    // Their memory is not what we measure.
    let mut line: [_; LINE] = array::from_fn(|_| Box::pin(None));
    for _ in 0..operations / LINE {
        let guard = ready(pin!(mutex.lock()), cx);
        for place in &mut line {
            place.set(Some(mutex.lock()));
            waits(place.as_mut().as_pin_mut().expect("it is there"), cx);
        }
        drop(guard);
        for place in &mut line {
            let next = place.as_mut().as_pin_mut().expect("it is there");
            L::touch(&mut ready(next, cx));
            place.set(None);
        }
    }
}

/// One who waits gives up. Operation: one such.
fn gives_up<L: Lock>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let mutex = black_box(L::new());
    let guard = ready(pin!(mutex.lock()), cx);
    for _ in 0..operations {
        waits(pin!(mutex.lock()), cx);
    }
    drop(guard);
}

/// The table of the chapter on the mutex.
pub const TABLE: Table = Table {
    name: "mutex",
    columns: &["tokio", "ours", "futures", "smol", "std"],
    workloads: &[
        workload("free", "nobody waits", 200_000, 0.35),
        workload("held", "one waits", 50_000, 1.00),
        workload("line", "ten wait", 50_000, 1.00),
        workload("gives-up", "one waits and gives up", 50_000, 1.00),
        workload("permit", "a permit, nobody waits", 200_000, 1.00),
    ],
    crates: &["tokio", "futures", "async-lock"],
    find: |workload, library| match (library, workload) {
        ("ours", "permit") => Some(Box::new(free::<pool::Semaphore>)),
        ("tokio", "permit") => Some(Box::new(free::<tokio::sync::Semaphore>)),
        ("smol", "permit") => Some(Box::new(free::<smol::lock::Semaphore>)),
        ("ours", _) => with::<fair::Mutex<u64>>(workload),
        ("tokio", _) => with::<tokio::sync::Mutex<u64>>(workload),
        ("futures", _) => with::<futures::lock::Mutex<u64>>(workload),
        ("smol", _) => with::<smol::lock::Mutex<u64>>(workload),
        ("std", "free") => Some(Box::new(free_in_std)),
        _ => None,
    },
};

fn with<L: Lock>(workload: &str) -> Option<Run> {
    match workload {
        "free" => Some(Box::new(free::<L>)),
        "held" => Some(Box::new(held::<L>)),
        "line" => Some(Box::new(line::<L>)),
        "gives-up" => Some(Box::new(gives_up::<L>)),
        _ => None,
    }
}
