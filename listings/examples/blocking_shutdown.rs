//! A call that never returns, and four ways for a runtime to end.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use listings::proof::watchdog;
use tokio::runtime::{Builder, Runtime};

// ANCHOR: program
const SHORT: Duration = Duration::from_millis(100);

fn main() {
    let never = |says: mpsc::Sender<()>| {
        let _ = says.send(()); // It has started.
        loop {
            thread::park();
        }
    };
    let on_the_pool = move |runtime: &Runtime, says| {
        drop(runtime.spawn_blocking(move || never(says)));
    };
    let on_its_own = move |_: &Runtime, says| {
        drop(thread::spawn(move || never(says)));
    };
    end("on the pool, drop", on_the_pool, drop);
    end("on the pool, shutdown_timeout", on_the_pool, |runtime| {
        runtime.shutdown_timeout(SHORT);
    });
    end("on the pool, shutdown_background", on_the_pool, |runtime| {
        runtime.shutdown_background();
    });
    end("on a thread of its own, drop", on_its_own, drop);
}
// ANCHOR_END: program

fn end(
    what: &str,
    start: impl FnOnce(&Runtime, mpsc::Sender<()>) + Send + 'static,
    end: fn(Runtime),
) {
    let run = move || {
        let runtime = Builder::new_current_thread().build().expect("it starts");
        let (says, started) = mpsc::channel();
        start(&runtime, says);
        started.recv().expect("it starts");
        end(runtime);
    };
    // The first never ends, however long we wait.
    match watchdog(Duration::from_secs(2), run) {
        Ok(()) => println!("{what}: the runtime has ended"),
        Err(hung) => println!("{what}: {hung}"),
    }
}
