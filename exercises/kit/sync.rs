//! std's mutex and one of its atomic numbers, with a moment for the tests: after
//! the one is unlocked and the other is read, another thread may come. Here it
//! comes when a test says so.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering;
use std::sync::{self, LockResult, PoisonError};
use std::thread;

type Job = Box<dyn FnOnce()>;

thread_local! {
    static COMES: RefCell<Option<(u32, Job)>> = const { RefCell::new(None) };
    static MEETS: RefCell<Option<Job>> = const { RefCell::new(None) };
}

/// [`std::sync::Mutex`]
#[derive(Debug, Default)]
pub struct Mutex<T>(sync::Mutex<T>);

/// [`std::sync::MutexGuard`]
pub struct MutexGuard<'a, T>(Option<sync::MutexGuard<'a, T>>);

impl<T> Mutex<T> {
    /// [`std::sync::Mutex::new`]
    pub fn new(value: T) -> Mutex<T> {
        Mutex(sync::Mutex::new(value))
    }

    /// [`std::sync::Mutex::lock`]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let guard = |guard| MutexGuard(Some(guard));
        let locked = match self.0.lock() {
            Ok(inner) => Ok(guard(inner)),
            Err(poison) => Err(PoisonError::new(guard(poison.into_inner()))),
        };
        if let Some(job) = MEETS.take() {
            job();
        }
        locked
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is there until the drop")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("it is there until the drop")
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.0 = None;
        if !thread::panicking() {
            moment();
        }
    }
}

/// [`std::sync::atomic::AtomicU32`]
#[derive(Debug, Default)]
pub struct AtomicU32(sync::atomic::AtomicU32);

impl AtomicU32 {
    /// [`std::sync::atomic::AtomicU32::load`]
    pub fn load(&self, order: Ordering) -> u32 {
        let value = self.0.load(order);
        moment();
        value
    }

    /// [`std::sync::atomic::AtomicU32::fetch_add`]
    pub fn fetch_add(&self, more: u32, order: Ordering) -> u32 {
        let before = self.0.fetch_add(more, order);
        moment();
        before
    }
}

impl Deref for AtomicU32 {
    type Target = sync::atomic::AtomicU32;

    fn deref(&self) -> &sync::atomic::AtomicU32 {
        &self.0
    }
}

/// Another thread may come here.
fn moment() {
    let now = COMES.with_borrow_mut(|comes| match comes {
        Some((0, _)) => comes.take(),
        Some((moments, _)) => {
            *moments -= 1;
            None
        }
        None => None,
    });
    if let Some((_, job)) = now {
        job();
    }
}

/// Runs `code`, and as soon as it has unlocked a mutex, read a number or added
/// to it for the first time (or later, after so many `moments`), `other` comes
/// in between: what another thread might do. If `code` has fewer such moments,
/// `other` comes last.
pub fn in_between<R>(
    moments: u32,
    other: impl FnOnce() + 'static,
    code: impl FnOnce() -> R,
) -> R {
    COMES.set(Some((moments, Box::new(other))));
    let result = code();
    if let Some((_, job)) = COMES.take() {
        job();
    }
    result
}

/// Runs `code`, and as soon as it has locked a mutex, `other` comes, which may
/// not wait for that lock. If `code` locks none, `other` comes last.
pub fn while_locked<R>(
    other: impl FnOnce() + 'static,
    code: impl FnOnce() -> R,
) -> R {
    MEETS.set(Some(Box::new(other)));
    let result = code();
    if let Some(job) = MEETS.take() {
        job();
    }
    result
}
