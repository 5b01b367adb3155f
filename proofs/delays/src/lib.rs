//! A library to load before a program on Linux (`LD_PRELOAD`): where threads meet,
//! one of them comes late. A program whose output or test depends on which
//! thread is faster gives itself away.
//!
//! `DELAYS` is the seed. The same seed makes the same delays in the same order,
//! but the threads that take them may be others in the next run.

#![cfg(target_os = "linux")]

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_long, c_void};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::time::Duration;
use std::{mem, ptr, thread};

/// One of so many visits is delayed.
const ONE_OF: u64 = 4;

/// By less than this.
const MICROSECONDS: u64 = 10_000;

/// A thread that meets others ten thousand times is delayed no longer then.
const MOST_OF_A_THREAD: u32 = 300;

unsafe extern "C" {
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    fn getenv(name: *const c_char) -> *const c_char;
    fn __errno_location() -> *mut c_int;
}

/// The next library that has a symbol: the C library.
const NEXT: *mut c_void = -1_isize as *mut c_void;

/// A function of the C library, looked up at its first use. A `OnceLock` would
/// wait for other threads with the function that is looked up.
struct Real {
    name: &'static CStr,
    found: AtomicPtr<c_void>,
}

impl Real {
    const fn new(name: &'static CStr) -> Real {
        Real { name, found: AtomicPtr::new(ptr::null_mut()) }
    }

    fn get(&self) -> *mut c_void {
        let mut found = self.found.load(Ordering::Relaxed);
        if found.is_null() {
            // SAFETY: the name ends with a zero.
            found = unsafe { dlsym(NEXT, self.name.as_ptr()) };
            self.found.store(found, Ordering::Relaxed);
        }
        found
    }
}

/// The seed, or nothing without `DELAYS`. Zero: not read yet. One: there is none.
fn seed() -> Option<u64> {
    static SEED: AtomicU64 = AtomicU64::new(0);
    let mut seed = SEED.load(Ordering::Relaxed);
    if seed == 0 {
        // std would lock the environment, with the function that asks for it.
        // SAFETY: the name ends with a zero, and so does what is found.
        let text = unsafe {
            let text = getenv(c"DELAYS".as_ptr());
            (!text.is_null()).then(|| CStr::from_ptr(text))
        };
        let number = text.and_then(|text| text.to_str().ok()?.parse().ok());
        seed = number.map_or(1, |number: u32| u64::from(number) + 2);
        SEED.store(seed, Ordering::Relaxed);
    }
    (seed > 1).then_some(seed)
}

thread_local! {
    static LEFT: Cell<u32> = const { Cell::new(MOST_OF_A_THREAD) };
}

/// Lets this thread come late, now and then. `errno` stays as it is.
fn late() {
    static VISITS: AtomicU64 = AtomicU64::new(0);
    let Some(seed) = seed() else { return };
    let visit = VISITS.fetch_add(1, Ordering::Relaxed);
    // SplitMix64: each bit of the number decides about half of the others.
    let mut random =
        (seed << 32).wrapping_add(visit.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    random = (random ^ (random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    random = (random ^ (random >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    random ^= random >> 31;
    if !random.is_multiple_of(ONE_OF) {
        return;
    }
    let more = LEFT.with(|left| left.replace(left.get().saturating_sub(1)) > 0);
    if more {
        // SAFETY: each thread has an `errno` of its own, as long as it lives.
        let errno = unsafe { &mut *__errno_location() };
        let before = *errno;
        thread::sleep(Duration::from_micros((random >> 8) % MICROSECONDS));
        *errno = before;
    }
}

type Start = extern "C-unwind" fn(*mut c_void) -> *mut c_void;

struct Begin {
    start: Start,
    argument: *mut c_void,
}

// A thread of C may end by `pthread_exit`, which unwinds.
extern "C-unwind" fn begin(with: *mut c_void) -> *mut c_void {
    // SAFETY: it comes from `pthread_create` below, once.
    let begin = unsafe { Box::from_raw(with.cast::<Begin>()) };
    late();
    (begin.start)(begin.argument)
}

/// A thread begins late, or the one that made it goes on late.
///
/// # Safety
/// As in POSIX.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_create(
    thread: *mut c_void,
    attributes: *const c_void,
    start: Start,
    argument: *mut c_void,
) -> c_int {
    type Function = unsafe extern "C" fn(
        *mut c_void,
        *const c_void,
        Start,
        *mut c_void,
    ) -> c_int;
    static REAL: Real = Real::new(c"pthread_create");
    // SAFETY: the symbol has this type.
    let real: Function = unsafe { mem::transmute(REAL.get()) };
    let with = Box::into_raw(Box::new(Begin { start, argument }));
    // SAFETY: the caller promises it for the rest, and `begin` takes the box.
    let result = unsafe { real(thread, attributes, begin, with.cast()) };
    if result != 0 {
        // SAFETY: no thread has begun.
        drop(unsafe { Box::from_raw(with) });
    }
    late();
    result
}

/// Before and after a thread waits for a lock, a condition or a wake, and
/// before and after it wakes another.
///
/// # Safety
/// As in the manual of Linux. It takes more arguments than this one needs,
/// which the calling convention of x86-64 and of AArch64 allows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syscall(
    number: c_long,
    a: c_long,
    b: c_long,
    c: c_long,
    d: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    type Function = unsafe extern "C" fn(c_long, ...) -> c_long;
    static REAL: Real = Real::new(c"syscall");
    #[cfg(target_arch = "x86_64")]
    const FUTEX: c_long = 202;
    #[cfg(not(target_arch = "x86_64"))]
    const FUTEX: c_long = 98;
    // SAFETY: the symbol has this type.
    let real: Function = unsafe { mem::transmute(REAL.get()) };
    let waits = number == FUTEX;
    if waits {
        late();
    }
    // SAFETY: as the caller promises.
    let result = unsafe { real(number, a, b, c, d, e, f) };
    if waits {
        late();
    }
    result
}

/// Before and after something is printed or sent.
///
/// # Safety
/// As in POSIX.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(
    descriptor: c_int,
    bytes: *const c_void,
    count: usize,
) -> isize {
    type Function = unsafe extern "C" fn(c_int, *const c_void, usize) -> isize;
    static REAL: Real = Real::new(c"write");
    // SAFETY: the symbol has this type.
    let real: Function = unsafe { mem::transmute(REAL.get()) };
    late();
    // SAFETY: as the caller promises.
    let result = unsafe { real(descriptor, bytes, count) };
    late();
    result
}
