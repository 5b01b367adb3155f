//! `abort` on a blocking call that runs, on one that waits, and a way that
//! helps.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;

use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

// ANCHOR: program
async fn program() -> Result<(), Box<dyn Error>> {
    let (open, gate) = mpsc::channel::<()>();
    let (says, started) = tokio::sync::oneshot::channel();
    let runs = spawn_blocking(move || {
        let _ = says.send(());
        let _ = gate.recv();
        "ran to its end"
    });
    // The pool of this program has one thread, which is busy now.
    let waits = spawn_blocking(|| "ran");
    started.await?;
    runs.abort();
    waits.abort();
    drop(open);
    println!("aborted while it ran: {:?}", runs.await);
    println!("aborted before it ran: {}", waits.await.is_err());

    let stop = Arc::new(AtomicBool::new(false));
    let told = stop.clone();
    let looks = spawn_blocking(move || {
        while !told.load(Relaxed) {
            thread::yield_now(); // A piece of the work stands here.
        }
        "saw the flag"
    });
    stop.store(true, Relaxed);
    println!("told to stop: {:?}", looks.await);
    Ok(())
}
// ANCHOR_END: program

fn main() -> Result<(), Box<dyn Error>> {
    let runtime =
        Builder::new_current_thread().max_blocking_threads(1).build()?;
    runtime.block_on(program())
}
