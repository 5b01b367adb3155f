//! Panics that async programs die of, and what was done to get each.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::mpsc::channel;
use tokio::time::sleep;

fn say(what: &str, cause: impl FnOnce()) {
    let end = catch_unwind(AssertUnwindSafe(cause));
    let panic = end.expect_err("it panics");
    println!("{what}:\n  {}", text(&*panic));
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref().copied().unwrap_or("without a text"),
    }
}

// ANCHOR: causes
async fn seven() -> u32 {
    7
}

fn main() -> std::io::Result<()> {
    set_hook(Box::new(|_| {})); // The messages are printed here, once.
    let second = Duration::from_secs(1);
    let bare = Builder::new_current_thread().build()?;

    say("Tokio's sleep under another runner", || {
        pollster::block_on(sleep(second));
    });
    say("tokio::spawn outside of a runtime", || drop(tokio::spawn(seven())));
    say("a runtime that was built without timers", || {
        bare.block_on(async { sleep(second).await });
    });
    say("block_on inside a runtime", || {
        bare.block_on(async { bare.block_on(seven()) });
    });
    say("a poll after Ready", || {
        let mut future = pin!(seven());
        let mut cx = Context::from_waker(Waker::noop());
        while future.as_mut().poll(&mut cx).is_ready() {}
    });
    say("a JoinHandle that is awaited again", || {
        bare.block_on(async {
            let mut handle = tokio::spawn(seven());
            let _ = (&mut handle).await;
            let _ = (&mut handle).await;
        });
    });
    say("blocking_recv in async code", || {
        let (_sender, mut receiver) = channel::<u32>(1);
        let message = bare.block_on(async { receiver.blocking_recv() });
        println!("{message:?}");
    });
    say("select! when no branch is left", || {
        bare.block_on(async {
            tokio::select! {
                8 = seven() => println!("eight"),
            }
        });
    });
    Ok(())
}
// ANCHOR_END: causes
