//! How many bytes a task needs that only waits.

use std::alloc::{GlobalAlloc, Layout, System};
use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};
use std::thread;
use std::time::Duration;

use super::measure::record;
use super::pools::{self, Spawn, Workers};
use super::runtimes::{Ours, Pool, Runtime, Simple, Smol, Tokio, Yields};

/// Enough that what an executor has only once does not count.
const TASKS: usize = 100_000;

static COUNTING: AtomicBool = AtomicBool::new(false);
static BYTES: AtomicIsize = AtomicIsize::new(0);

/// The allocator of the system, which counts while it is told to.
pub struct Counts;

impl Counts {
    fn add(bytes: isize) {
        if COUNTING.load(Ordering::Relaxed) {
            BYTES.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

// SAFETY: every call goes to the allocator of the system as it came.
unsafe impl GlobalAlloc for Counts {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Counts::add(layout.size() as isize);
        // SAFETY: the caller promises what `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        Counts::add(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(
        &self,
        pointer: *mut u8,
        layout: Layout,
        size: usize,
    ) -> *mut u8 {
        Counts::add(size as isize - layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// The bytes that `work` leaves allocated, for one of the tasks.
fn bytes(work: impl FnOnce()) -> isize {
    BYTES.store(0, Ordering::Relaxed);
    COUNTING.store(true, Ordering::Relaxed);
    work();
    COUNTING.store(false, Ordering::Relaxed);
    BYTES.load(Ordering::Relaxed) / TASKS as isize
}

fn one_thread<R: Runtime>() -> isize {
    let runtime = R::new();
    let mut handles = Vec::with_capacity(TASKS);
    bytes(|| {
        handles.extend((0..TASKS).map(|_| runtime.spawn(pending::<()>())));
        // By then each was polled once.
        runtime.run(Yields(10));
    })
}

fn two_workers<R: Workers>() -> isize {
    let runtime = R::new(2);
    let spawner = runtime.spawner();
    let mut handles = Vec::with_capacity(TASKS);
    bytes(|| {
        handles.extend((0..TASKS).map(|_| spawner.start(pending::<()>())));
        thread::sleep(Duration::from_millis(200));
    })
}

/// Measures it.
pub fn measure() {
    let rows = [
        (
            "one thread",
            vec![
                Some(one_thread::<Tokio>()),
                Some(one_thread::<Ours>()),
                Some(one_thread::<Simple>()),
                Some(one_thread::<Pool>()),
                Some(one_thread::<Smol>()),
            ],
        ),
        (
            "two workers",
            vec![
                Some(two_workers::<pools::Tokio>()),
                Some(two_workers::<pools::Ours>()),
                None,
                None,
                Some(two_workers::<pools::Smol>()),
            ],
        ),
    ];
    let mut text = format!("{:24}", "");
    for name in ["tokio", "ours", "simple", "futures", "smol"] {
        text += &format!("{name:>9}");
    }
    for (title, cells) in rows {
        text += &format!("\n{title:24}");
        for cell in cells {
            let cell = cell.map_or("-".to_string(), |it| it.to_string());
            text += &format!("{cell:>9}");
        }
    }
    let how = format!(
        "Bytes allocated for a task that waits for ever, with its handle. \
         The average of {TASKS}."
    );
    record("memory", &text, &how, &["tokio", "futures", "smol"]);
}
