//! A task that calls a function that is not async and needs an answer of an
//! async function: eight ways, on both kinds of runtime.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::thread;
use std::time::Duration;

use listings::proof::watchdog;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::{block_in_place, spawn_blocking};

// ANCHOR: program
/// Needs another task of its runtime, as a client needs its connection.
async fn price() -> u32 {
    tokio::spawn(async { 42 }).await.expect("it does not panic")
}

async fn call(way: &str) -> u32 {
    let handle = Handle::current();
    match way {
        "price().await" => price().await,
        "Handle::block_on" => handle.block_on(price()),
        "a new Runtime" => new_runtime().block_on(price()),
        "pollster::block_on" => pollster::block_on(price()),
        "futures' block_on" => futures::executor::block_on(price()),
        "block_in_place" => block_in_place(|| handle.block_on(price())),
        "spawn_blocking" => {
            let job = spawn_blocking(move || handle.block_on(price()));
            job.await.expect("it does not panic")
        }
        _ => {
            let (sender, receiver) = oneshot::channel();
            let run = || sender.send(new_runtime().block_on(price()));
            thread::spawn(run);
            receiver.await.expect("it does not panic")
        }
    }
}
// ANCHOR_END: program

fn new_runtime() -> Runtime {
    Builder::new_current_thread().build().expect("it starts")
}

fn main() {
    set_hook(Box::new(|_| {})); // The panics are printed below.
    let ways = [
        "price().await",
        "Handle::block_on",
        "a new Runtime",
        "pollster::block_on",
        "futures' block_on",
        "block_in_place",
        "spawn_blocking",
        "a new thread with a Runtime",
    ];
    for (kind, workers) in [("current_thread", 0), ("multi_thread", 4)] {
        println!("{kind}");
        for way in ways {
            let end = watchdog(Duration::from_secs(2), move || {
                let runtime = match workers {
                    0 => new_runtime(),
                    n => Builder::new_multi_thread()
                        .worker_threads(n)
                        .build()
                        .expect("it starts"),
                };
                let task = runtime.spawn(call(way));
                let run = || runtime.block_on(task);
                catch_unwind(AssertUnwindSafe(run)).map(|end| {
                    end.map_err(|error| {
                        let panic = error.into_panic();
                        let text = (panic.downcast_ref::<&str>().copied())
                            .or(panic.downcast_ref().map(String::as_str));
                        let text = text.unwrap_or("no text");
                        let end = text.find(['.', ':']).unwrap_or(text.len());
                        text[..end].to_string()
                    })
                })
            });
            match end {
                Ok(Ok(Ok(price))) => println!("  {way}: {price}"),
                Ok(Ok(Err(panic))) => println!("  {way} panics: {panic}"),
                Ok(Err(_)) => println!("  {way}: the runtime panics"),
                Err(hung) => println!("  {way}: {hung}"),
            }
        }
    }
}
