//! Why a guard cannot keep a task inside the life of what it borrows.

use std::marker::PhantomData;
use std::mem;
use std::rc::{Rc, Weak};

use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::executor::{Executor, JoinHandle, Spawner};

// ANCHOR: guard
/// Aborts its task when it is dropped. It cannot be used after `'a`.
struct Guard<'a> {
    task: JoinHandle<()>,
    _borrows: PhantomData<&'a str>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A scoped spawn would give the task a `&'a str`. To see what happens without
/// undefined behavior, our task gets a `Weak`, which knows what is freed.
fn spawn_scoped<'a>(spawner: &Spawner, text: &'a Rc<str>) -> Guard<'a> {
    let task = spawner.spawn(reads(Rc::downgrade(text)));
    Guard { task, _borrows: PhantomData }
}

async fn reads(text: Weak<str>) {
    yield_now().await;
    match text.upgrade() {
        Some(text) => println!("the task reads {text:?}"),
        None => println!("the task would read memory that is freed"),
    }
}
// ANCHOR_END: guard

// ANCHOR: program
fn main() {
    let executor = Executor::default();
    println!("the guard is dropped:");
    let soup = Rc::from("soup");
    let guard = spawn_scoped(&executor.spawner(), &soup);
    drop(guard);
    drop(soup);
    executor.run_until_stalled();
    println!("the guard is forgotten:");
    let soup = Rc::from("soup");
    let guard = spawn_scoped(&executor.spawner(), &soup);
    mem::forget(guard);
    drop(soup);
    executor.run_until_stalled();
}
// ANCHOR_END: program
