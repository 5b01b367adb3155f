//! A runtime of Tokio with one thread has no worker: it needs a thread that
//! stays in its `block_on`.

use std::error::Error;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

// ANCHOR: main
fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let (answer, answers) = mpsc::channel();
    handle.spawn(async move { answer.send(42) });
    let early = answers.recv_timeout(Duration::from_millis(200));
    println!("without a thread: {early:?}");

    let (quit, quits) = oneshot::channel::<()>();
    let thread = thread::spawn(move || runtime.block_on(quits));
    println!("with a thread in `block_on`: {:?}", answers.recv());
    drop(quit);
    let ended = thread.join().map_err(|_| "the runtime panicked")?;
    println!("the thread has ended: {ended:?}");
    Ok(())
}
// ANCHOR_END: main
