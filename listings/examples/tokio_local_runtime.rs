//! A `LocalRuntime`, and a thread that is not its own.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::rc::Rc;
use std::thread;

use tokio::runtime::LocalRuntime;
use tokio::task::spawn_local;

// ANCHOR: program
fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // The message is printed here, once.
    let runtime = LocalRuntime::new()?;
    let eggs = Rc::new(6);
    let task = runtime.spawn_local(async move { *eggs });
    println!("from its own thread: {:?}", runtime.block_on(task));

    let handle = runtime.handle().clone();
    let other = thread::spawn(move || {
        say("from another thread, with enter", || {
            let _guard = handle.enter();
            drop(spawn_local(async {}));
        });
        // This future is `Send`. It makes another that is not.
        handle.spawn(async { spawn_local(async { *Rc::new(6) }).await })
    });
    let task = other.join().expect("it does not panic");
    let end = runtime.block_on(task).expect("the task does not panic");
    println!("from another thread, in a task: {end:?}");
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
