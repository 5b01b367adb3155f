//! A function of a Tokio library, called under smol: what repairs the panic,
//! and four mistakes.

use std::any::Any;
use std::error::Error;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::time::Duration;

use async_compat::Compat;
use listings::proof::watchdog;
use tokio::runtime::Builder;
use tokio::task::JoinError;

const MOMENT: Duration = Duration::from_millis(1);

type End = Result<u32, Box<dyn Error + Send + Sync>>;

// ANCHOR: repairs
/// The library. It uses Tokio's timers and Tokio's tasks.
async fn price() -> Result<u32, JoinError> {
    tokio::time::sleep(MOMENT).await;
    tokio::spawn(async { 42 }).await
}

fn repairs() -> io::Result<()> {
    say("as it is", || Ok(smol::block_on(price())?));

    say("in Compat", || Ok(smol::block_on(Compat::new(price()))?));

    let tokio = Builder::new_multi_thread().enable_all().build()?;
    let task = tokio.spawn(price());
    say("spawned on Tokio", || Ok(smol::block_on(task)??));

    let _entered = tokio.enter();
    say("on a thread that entered Tokio", || Ok(smol::block_on(price())?));
    Ok(())
}
// ANCHOR_END: repairs

// ANCHOR: mistakes
fn mistakes() -> io::Result<()> {
    say("a sleep that is made outside of Compat", || {
        smol::block_on(Compat::new(tokio::time::sleep(MOMENT)));
        Ok(0)
    });

    let bare = Builder::new_multi_thread().build()?;
    say("a runtime without `enable_all`", || Ok(bare.block_on(price())?));

    let idle = Builder::new_current_thread().enable_all().build()?;
    let hung = watchdog(Duration::from_millis(500), move || {
        let _entered = idle.enter();
        smol::block_on(price()).is_ok()
    });
    println!("a runtime that nobody drives: {hung:?}");

    let tokio = Builder::new_multi_thread().enable_all().build()?;
    let endless = tokio.spawn(std::future::pending());
    let sleep = {
        let _entered = tokio.enter();
        tokio::time::sleep(MOMENT)
    };
    drop(tokio);
    say("a task of a runtime that was dropped", || {
        Ok(smol::block_on(endless).map_err(|end| cancelled(&end))?)
    });
    say("a sleep of a runtime that was dropped", || {
        smol::block_on(sleep);
        Ok(0)
    });
    Ok(())
}
// ANCHOR_END: mistakes

/// What the error says, without the number of the task.
fn cancelled(end: &JoinError) -> &'static str {
    if end.is_cancelled() { "it was cancelled" } else { "it panicked" }
}

fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // The messages are printed here, once.
    repairs()?;
    println!();
    mistakes()
}

fn say(what: &str, run: impl FnOnce() -> End) {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(price)) => println!("{what}: {price}"),
        Ok(Err(error)) => println!("{what}: error: {error}"),
        Err(panic) => println!("{what}: panics\n  {}", text(&*panic)),
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref().copied().unwrap_or("without a text"),
    }
}
