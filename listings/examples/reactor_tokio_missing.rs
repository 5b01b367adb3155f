//! "There is no reactor running": how it comes, and ways to repair it.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::pin::pin;
use std::time::Duration;

use listings::proof::watchdog;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

// ANCHOR: elsewhere
/// Under an executor that is not Tokio's.
fn foreign<F: Future>(future: F) -> F::Output {
    pollster::block_on(future)
}

/// Enters `runtime` for each poll of `future`.
async fn inside<F: Future>(runtime: &Runtime, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let _entered = runtime.enter();
        future.as_mut().poll(cx)
    })
    .await
}
// ANCHOR_END: elsewhere

// ANCHOR: program
fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // The messages are printed here, once.
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;

    say("no runtime", || foreign(connect(address)));
    let bare = Builder::new_current_thread().build()?;
    say("a runtime without a reactor", || bare.block_on(connect(address)));

    let all = Builder::new_multi_thread().enable_all().build()?;
    say("enable_all", || all.block_on(connect(address)));
    say("spawned on Tokio, awaited elsewhere", || {
        foreign(all.spawn(connect(address)))?
    });
    say("polled elsewhere, inside `enter`", || {
        foreign(inside(&all, connect(address)))
    });
    say("a channel of Tokio", || {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let _ = sender.send(());
        foreign(receiver).map_err(io::Error::other)
    });

    let nobody_drives = watchdog(Duration::from_millis(500), move || {
        let idle = Builder::new_current_thread().enable_all().build()?;
        let _entered = idle.enter();
        foreign(idle.spawn(connect(address)))?
    });
    println!("a runtime that nobody drives: {nobody_drives:?}");
    Ok(())
}

async fn connect(address: SocketAddr) -> io::Result<()> {
    TcpStream::connect(address).await.map(drop)
}
// ANCHOR_END: program

fn say(what: &str, run: impl FnOnce() -> io::Result<()>) {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(end) => println!("{what}: {end:?}"),
        Err(panic) => println!("{what}:\n  {}", text(&*panic)),
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref().copied().unwrap_or("without a text"),
    }
}
