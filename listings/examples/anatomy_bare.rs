//! A runtime that was built with nothing enabled, and four kinds of work.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // `run` prints the messages.
    let bare = Builder::new_current_thread().build()?;
    run(&bare, "a task", async { tokio::spawn(async {}).await });
    run(&bare, "a closure that blocks", async { spawn_blocking(|| ()).await });
    run(&bare, "a timer", async { sleep(Duration::from_secs(1)).await });
    run(&bare, "a socket", async { TcpListener::bind("127.0.0.1:0").await });
    Ok(())
}

/// Runs `work`. If it panics, prints the message, a line for each sentence.
fn run<F: Future>(bare: &Runtime, name: &str, work: F) {
    match catch_unwind(AssertUnwindSafe(|| bare.block_on(work))) {
        Ok(_) => println!("{name}: works"),
        Err(panic) => match panic.downcast_ref::<String>() {
            Some(message) => {
                println!("{name}:\n  {}", message.replace(". ", ".\n  "));
            }
            None => println!("{name}: panics"),
        },
    }
}
