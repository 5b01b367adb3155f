//! Hostile guests. A primitive calls code that is not its own: it clones,
//! wakes and drops wakers, and it drops values. Here are guests whose code
//! does the worst at a moment that a test chooses: it panics, or it comes
//! back into the primitive.
//!
//! - [`Guest`] makes wakers. [`Guest::next`] says what the next clone, wake or
//!   drop of one of them does. [`Guest::waker_holding`] makes a waker that is
//!   the last owner of something, such as the other end of a channel.
//! - [`OnDrop`] is a value, an output, a panic's payload, or a local of a
//!   future, that does something when it is dropped.
//! - [`panics`] is what such a guest does at its worst, and [`caught`] is the
//!   host that it must not take along.
//!
//! A guest that comes back while a lock is held waits for good, so a test
//! runs in [`watchdog`](super::watchdog()). A guest does its deed once, so that
//! unwinding does not meet it again. While its thread unwinds, the drop of a
//! waker does no deed: any destructor that panics there ends the process, and
//! a test that fails would not say where.

use std::any::Any;
use std::fmt;
use std::mem::{self, ManuallyDrop};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};
use std::task::{RawWaker, RawWakerVTable, Waker};
use std::thread;

const ON_PURPOSE: &str = "a guest panics on purpose";

/// Panics, without a message on the standard error.
pub fn panics() {
    panic::resume_unwind(Box::new(ON_PURPOSE));
}

/// What [`caught`] caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caught {
    /// The panic of a guest.
    Guest,
    /// Another one, with its text.
    Other(String),
}

/// Runs `host`, and returns what it returned or how it panicked.
///
/// # Errors
/// [`Caught`], when it panicked.
pub fn caught<T>(host: impl FnOnce() -> T) -> Result<T, Caught> {
    let end = panic::catch_unwind(AssertUnwindSafe(host));
    end.map_err(|payload| {
        let text = match payload.downcast_ref::<&str>() {
            Some(&ON_PURPOSE) => return Caught::Guest,
            Some(text) => text.to_string(),
            None => match payload.downcast_ref::<String>() {
                Some(text) => text.clone(),
                None => "a payload that is no text".to_string(),
            },
        };
        // The payload may be a guest itself. The test is over: it may leak.
        mem::forget(payload);
        Caught::Other(text)
    })
}

type Deed = Box<dyn FnOnce() + Send>;

/// Does something when it is dropped: a value, an output, a payload.
pub struct OnDrop(Option<Deed>);

impl OnDrop {
    /// A value whose destructor does `deed`.
    pub fn new(deed: impl FnOnce() + Send + 'static) -> OnDrop {
        OnDrop(Some(Box::new(deed)))
    }

    /// A value whose destructor panics.
    pub fn panics() -> OnDrop {
        OnDrop::new(panics)
    }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        if let Some(deed) = self.0.take() {
            deed();
        }
    }
}

impl fmt::Debug for OnDrop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnDrop").finish_non_exhaustive()
    }
}

/// A moment at which a host runs the code of a waker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A handle is cloned.
    Clone,
    /// A handle is woken by value, which uses it up.
    Wake,
    /// A handle is woken by reference.
    WakeByRef,
    /// A handle is dropped.
    Drop,
}

/// Makes wakers that behave until they are told not to, and counts.
#[derive(Clone, Default)]
pub struct Guest(Arc<Mutex<Plan>>);

#[derive(Default)]
struct Plan {
    /// What comes next, in its order.
    deeds: Vec<(Moment, Deed)>,
    /// The moments that have been.
    seen: Vec<Moment>,
    handles: usize,
}

impl Guest {
    /// A guest that does nothing bad yet.
    pub fn new() -> Guest {
        Guest::default()
    }

    /// A waker of this guest.
    pub fn waker(&self) -> Waker {
        self.waker_holding(())
    }

    /// A waker that owns `held`: it is dropped with the last handle of this
    /// waker, after the [`Moment::Drop`] or [`Moment::Wake`] of that handle.
    pub fn waker_holding(&self, held: impl Send + 'static) -> Waker {
        self.plan(|plan| plan.handles += 1);
        let guest = self.clone();
        let body = Body { guest, _held: Mutex::new(Box::new(held)) };
        let data = Arc::into_raw(Arc::new(body)).cast();
        // SAFETY: `data` is a handle to a `Body`, and now the waker's. The
        // functions of `TABLE` take it for that and keep the contract. They
        // may run on any thread, as a `Body` is `Send` and `Sync`.
        unsafe { Waker::new(data, &TABLE) }
    }

    /// Does `deed` at the next `moment` of one of its wakers, once. The deeds
    /// of one moment are done one by one, each at a time of its own.
    pub fn next(&self, moment: Moment, deed: impl FnOnce() + Send + 'static) {
        self.plan(|plan| plan.deeds.push((moment, Box::new(deed))));
    }

    /// How often `moment` has come.
    pub fn times(&self, moment: Moment) -> usize {
        self.plan(|plan| plan.seen.iter().filter(|&&it| it == moment).count())
    }

    /// How often one of its wakers was woken, by value or by reference.
    pub fn wakes(&self) -> usize {
        self.times(Moment::Wake) + self.times(Moment::WakeByRef)
    }

    /// How many handles there are: one that is kept for good is a leak.
    pub fn handles(&self) -> usize {
        self.plan(|plan| plan.handles)
    }

    /// How many deeds are left: a test whose deed was not done shows nothing.
    pub fn deeds_left(&self) -> usize {
        self.plan(|plan| plan.deeds.len())
    }

    fn plan<T>(&self, of: impl FnOnce(&mut Plan) -> T) -> T {
        of(&mut self.0.lock().expect("no deed is done under this lock"))
    }

    fn comes(&self, moment: Moment) {
        let deed = self.plan(|plan| {
            plan.seen.push(moment);
            if moment == Moment::Drop && thread::panicking() {
                return None;
            }
            let next = plan.deeds.iter().position(|(it, _)| *it == moment);
            Some(plan.deeds.remove(next?).1)
        });
        if let Some(deed) = deed {
            deed();
        }
    }
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest").finish_non_exhaustive()
    }
}

/// What the handles of one waker lead to.
struct Body {
    guest: Guest,
    _held: Mutex<Box<dyn Any + Send>>,
}

/// A handle, whose end is counted even when a deed panics.
struct Handle(Arc<Body>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.guest.plan(|plan| plan.handles -= 1);
    }
}

static TABLE: RawWakerVTable =
    RawWakerVTable::new(clone, wake, wake_by_ref, release);

/// The deed first: if it panics there is no new handle.
unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the waker that is cloned is a handle and stays one.
    let body = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<Body>()) });
    body.guest.comes(Moment::Clone);
    body.guest.plan(|plan| plan.handles += 1);
    RawWaker::new(Arc::into_raw(Arc::clone(&body)).cast(), &TABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: the waker that is woken was a handle, and is not used again.
    let handle = Handle(unsafe { Arc::from_raw(data.cast::<Body>()) });
    handle.0.guest.comes(Moment::Wake);
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the waker that is woken is a handle and stays one.
    let body = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<Body>()) });
    body.guest.comes(Moment::WakeByRef);
}

unsafe fn release(data: *const ()) {
    // SAFETY: the waker that is dropped was a handle, and is not used again.
    let handle = Handle(unsafe { Arc::from_raw(data.cast::<Body>()) });
    handle.0.guest.comes(Moment::Drop);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_behaves_until_it_is_told_not_to() {
        let guest = Guest::new();
        let waker = guest.waker();
        let copy = waker.clone();
        assert!(copy.will_wake(&waker));
        assert_eq!(guest.handles(), 2);
        copy.wake_by_ref();
        copy.wake();
        drop(waker);
        assert_eq!((guest.wakes(), guest.handles()), (2, 0));
        assert_eq!(guest.times(Moment::Clone), 1);
        assert_eq!(guest.times(Moment::Drop), 1);
    }

    #[test]
    fn each_moment_can_panic_once_and_leaks_no_handle() {
        let guest = Guest::new();
        let waker = guest.waker();
        guest.next(Moment::Clone, panics);
        assert!(caught(|| waker.clone()).is_err());
        assert_eq!(guest.handles(), 1);
        guest.next(Moment::WakeByRef, panics);
        assert_eq!(caught(|| waker.wake_by_ref()), Err(Caught::Guest));
        guest.next(Moment::Wake, panics);
        let copy = waker.clone();
        assert_eq!(caught(|| copy.wake()), Err(Caught::Guest));
        guest.next(Moment::Drop, panics);
        assert_eq!(caught(|| drop(waker)), Err(Caught::Guest));
        assert_eq!((guest.handles(), guest.deeds_left()), (0, 0));
    }

    #[test]
    fn a_deed_is_done_once_and_may_use_the_guest() {
        let guest = Guest::new();
        let waker = guest.waker();
        let (me, again) = (guest.clone(), waker.clone());
        guest.next(Moment::WakeByRef, move || {
            assert_eq!(me.times(Moment::WakeByRef), 1);
            again.wake_by_ref();
        });
        waker.wake_by_ref();
        assert_eq!(guest.times(Moment::WakeByRef), 2);
        drop(waker);
        assert_eq!(guest.handles(), 0);
    }

    #[test]
    fn what_a_waker_holds_goes_with_its_last_handle() {
        let guest = Guest::new();
        let held = Arc::new(());
        let waker = guest.waker_holding(held.clone());
        let copy = waker.clone();
        drop(waker);
        assert_eq!(Arc::strong_count(&held), 2);
        copy.wake();
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[test]
    fn a_value_does_its_deed_when_it_is_dropped() {
        assert_eq!(caught(|| drop(OnDrop::panics())), Err(Caught::Guest));
        let (sender, done) = std::sync::mpsc::channel();
        drop(OnDrop::new(move || sender.send(7).expect("we listen")));
        assert_eq!(done.recv(), Ok(7));
    }

    #[test]
    fn the_panic_of_a_guest_is_told_from_another() {
        assert_eq!(caught(|| 7), Ok(7));
        let quiet = |text: &'static str| {
            panic::resume_unwind(Box::new(text));
        };
        let other = Caught::Other("else".to_string());
        assert_eq!(caught(|| quiet("else")), Err(other));
        let payload = || panic::resume_unwind(Box::new(OnDrop::panics()));
        assert!(matches!(caught::<()>(payload), Err(Caught::Other(_))));
    }
}
