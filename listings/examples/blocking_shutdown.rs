//! A call that never returns, and four ways for a runtime to end.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

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
    say([
        ("on the pool, drop", end(on_the_pool, drop)),
        (
            "on the pool, shutdown_timeout",
            end(on_the_pool, |runtime| runtime.shutdown_timeout(SHORT)),
        ),
        (
            "on the pool, shutdown_background",
            end(on_the_pool, Runtime::shutdown_background),
        ),
        ("on a thread of its own, drop", end(on_its_own, drop)),
    ]);
}
// ANCHOR_END: program

/// Starts the call, then ends its runtime, on a new thread. The receiver gets
/// a word when the runtime has ended.
fn end(
    start: impl FnOnce(&Runtime, mpsc::Sender<()>) + Send + 'static,
    end: fn(Runtime),
) -> Receiver<()> {
    let (ends, ended) = mpsc::channel();
    let (says, started) = mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().build().expect("it starts");
        start(&runtime, says);
        started.recv().expect("it starts");
        end(runtime);
        ends.send(())
    });
    ended
}

fn say([first, others @ ..]: [(&str, Receiver<()>); 4]) {
    // The first never ends. So wait for the others, and then look at it.
    let limit = Duration::from_secs(60);
    let others =
        others.map(|(what, ended)| (what, ended.recv_timeout(limit).is_ok()));
    let first = (first.0, first.1.try_recv().is_ok());
    for (what, has_ended) in [first].into_iter().chain(others) {
        let how = if has_ended { "has ended" } else { "has not ended" };
        println!("{what}: the runtime {how}");
    }
}
