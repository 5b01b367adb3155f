//! Which runtime does `tokio::spawn` use?

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;

// ANCHOR: program
fn spawns() -> JoinHandle<Option<String>> {
    tokio::spawn(async { Handle::current().name().map(str::to_owned) })
}

fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // The messages are printed here, once.
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1);
    let (ann, bob) =
        (builder.name("Ann").build()?, builder.name("Bob").build()?);

    say("in main", || drop(spawns()));
    say("inside of Ann, on a new thread", || {
        ann.block_on(async {
            let thread = thread::spawn(|| drop(spawns()));
            std::panic::resume_unwind(thread.join().expect_err("it panics"));
        });
    });

    let guard = ann.enter();
    let by_guard = spawns();
    drop(guard);
    println!("under a guard: {:?}", ann.block_on(by_guard));

    let handle = bob.handle().clone();
    let thread = thread::spawn(move || {
        let _guard = handle.enter();
        spawns()
    });
    let by_handle = thread.join().expect("it does not panic");
    println!("on a new thread, with a handle: {:?}", ann.block_on(by_handle));

    say("two guards, dropped in the wrong order", || {
        let (first, second) = (ann.enter(), bob.enter());
        drop(first);
        drop(second);
    });
    Ok(())
}
// ANCHOR_END: program

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
