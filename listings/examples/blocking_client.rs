//! A client for code that is not async, used in async code.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;

// ANCHOR: client
/// A client that owns a runtime.
struct BlockingClient(Runtime);

impl BlockingClient {
    fn new() -> io::Result<BlockingClient> {
        Ok(BlockingClient(Builder::new_current_thread().build()?))
    }

    fn get(&self) -> u32 {
        self.0.block_on(async { 42 })
    }
}
// ANCHOR_END: client

// ANCHOR: kept
/// The same client, which may be dropped anywhere.
struct Anywhere(Option<BlockingClient>);

impl Drop for Anywhere {
    fn drop(&mut self) {
        if let Some(BlockingClient(runtime)) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
// ANCHOR_END: kept

// ANCHOR: program
fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // The panics are printed here.
    let runtime = Builder::new_multi_thread().worker_threads(1).build()?;
    let client = BlockingClient::new()?;
    println!("in main: {}", client.get());
    say("get in async code", || {
        runtime.block_on(async { client.get() });
    });
    say("dropped in async code", || {
        runtime.block_on(async { drop(client) });
    });
    let client = Anywhere(Some(BlockingClient::new()?));
    say("dropped in async code, with shutdown_background", || {
        runtime.block_on(async { drop(client) });
    });
    let all = || BlockingClient::new().map(|client| client.get());
    let price = runtime.block_on(async { spawn_blocking(all).await });
    println!("made, used and dropped in spawn_blocking: {price:?}");
    Ok(())
}
// ANCHOR_END: program

fn say(what: &str, run: impl FnOnce()) {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(()) => println!("{what}: done"),
        Err(panic) => println!("{what} panics:\n  {}", text(&*panic)),
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref().copied().unwrap_or("without a text"),
    }
}
