//! Which runtime does `tokio::spawn` use?

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

// ANCHOR: program
/// Spawns a task that returns the name of its runtime.
fn spawns() -> JoinHandle<Option<String>> {
    tokio::spawn(async { Handle::current().name().map(str::to_owned) })
}

fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // `say` prints the messages, once.
    let mut builder = Builder::new_multi_thread();
    let ann = builder.worker_threads(1).name("Ann").build()?;
    let bob = builder.name("Bob").build()?;

    say("in main", || drop(spawns()));
    let thread = ann.block_on(async {
        let new = "on a new thread, started inside of Ann";
        thread::spawn(move || say(new, || drop(spawns())))
    });
    thread.join().expect("`say` catches the panic");

    let guard = ann.enter();
    let task = spawns();
    drop(guard);
    println!("under a guard: {:?}", ann.block_on(task));

    let handle = bob.handle().clone();
    let thread = thread::spawn(move || {
        let _guard = handle.enter();
        spawns()
    });
    let task = thread.join().expect("it does not panic");
    println!("on a new thread, with a handle: {:?}", bob.block_on(task));
    wrong_order(&ann, &bob);
    Ok(())
}
// ANCHOR_END: program

// ANCHOR: order
fn wrong_order(ann: &Runtime, bob: &Runtime) {
    say("two guards, dropped in the wrong order", || {
        let (first, second) = (ann.enter(), bob.enter());
        drop(first);
        drop(second);
    });
}
// ANCHOR_END: order

fn say(what: &str, run: impl FnOnce()) {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(()) => println!("{what}: works"),
        Err(panic) => println!("{what}:\n  {}", text(&*panic)),
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref().copied().unwrap_or("without a text"),
    }
}
