//! A runtime that was built with nothing enabled, and four kinds of work.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // The messages are printed here, once.
    let bare = Builder::new_current_thread().build()?;
    let run = |name: &str, work: &dyn Fn()| match catch_unwind(
        AssertUnwindSafe(|| bare.block_on(async { work() })),
    ) {
        Ok(()) => println!("{name}: works"),
        Err(panic) => match panic.downcast_ref::<String>() {
            // A line for each sentence.
            Some(message) => {
                println!("{name}:\n  {}", message.replace(". ", ".\n  "));
            }
            None => println!("{name}: panics"),
        },
    };
    run("a task", &|| drop(tokio::spawn(async {})));
    run("a closure that blocks", &|| drop(spawn_blocking(|| ())));
    run("a timer", &|| drop(sleep(Duration::from_secs(1))));
    run("a socket", &|| drop(TcpListener::from_std(listener())));
    Ok(())
}

fn listener() -> std::net::TcpListener {
    let listener = std::net::TcpListener::bind("127.0.0.1:0");
    let listener = listener.expect("there is a free port");
    listener.set_nonblocking(true).expect("it is a socket");
    listener
}
