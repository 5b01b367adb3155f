//! A function that is not async needs the answer of an async one: eight ways,
//! called by a task on both kinds of runtime.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

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

const WAYS: [&str; 8] = [
    "price().await",
    "Handle::block_on",
    "a new Runtime",
    "pollster::block_on",
    "futures' block_on",
    "block_in_place",
    "spawn_blocking",
    "a new thread with a Runtime",
];
const KINDS: [&str; 2] = ["current_thread", "multi_thread"];

/// How many tasks have begun.
static BEGUN: AtomicUsize = AtomicUsize::new(0);

/// Runs a task that calls, and says how the call ended.
fn try_way(kind: &str, way: &'static str) -> String {
    let runtime = match kind {
        "current_thread" => new_runtime(),
        _ => Builder::new_multi_thread()
            .worker_threads(4)
            .build()
            .expect("it starts"),
    };
    let task = runtime.spawn(async move {
        BEGUN.fetch_add(1, SeqCst);
        call(way).await
    });
    let run = || runtime.block_on(task);
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(price)) => format!(": {price}"),
        Ok(Err(error)) => {
            let panic = error.into_panic();
            let text = (panic.downcast_ref::<&str>().copied())
                .or(panic.downcast_ref().map(String::as_str));
            let text = text.unwrap_or("no text");
            let end = text.find(['.', ':']).unwrap_or(text.len());
            format!(" panics: {}", &text[..end])
        }
        Err(_) => ": the runtime panics".into(),
    }
}

fn main() {
    set_hook(Box::new(|_| {})); // The panics are printed below.
    let (says, ends) = mpsc::channel();
    for kind in KINDS {
        for way in WAYS {
            let says = says.clone();
            thread::spawn(move || says.send(((kind, way), try_way(kind, way))));
        }
    }
    // Two ways never end, on each kind of runtime. When all tasks have begun
    // and the other twelve have ended, we look.
    let limit = Duration::from_secs(60);
    let ends = (0..12).map_while(|_| ends.recv_timeout(limit).ok());
    let ends = ends.collect::<HashMap<_, _>>();
    while BEGUN.load(SeqCst) < KINDS.len() * WAYS.len() {
        thread::sleep(Duration::from_millis(1));
    }
    for kind in KINDS {
        println!("{kind}");
        for way in WAYS {
            let end =
                ends.get(&(kind, way)).map_or(": no answer", String::as_str);
            println!("  {way}{end}");
        }
    }
}
