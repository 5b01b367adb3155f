//! What is left when the runtime has been dropped.

use std::any::Any;
use std::future::{pending, ready};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::time::sleep;

// ANCHOR: program
fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // The message is printed here, once.
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let first = Builder::new_current_thread().enable_all().build()?;
    let handle = first.handle().clone();
    let task = first.spawn(pending::<()>());
    let (sender, mut receiver) = mpsc::channel(1);
    let (socket, nap) = first.block_on(async {
        let socket = TcpStream::connect(address).await?;
        io::Result::Ok((socket, sleep(Duration::from_secs(1))))
    })?;
    drop(first);

    let second = Builder::new_current_thread().enable_all().build()?;
    println!("task: {}", second.block_on(task).expect_err("it waits"));
    let spawned = second.block_on(handle.spawn(ready(7)));
    println!("spawn: {}", spawned.expect_err("it is too late"));
    let readable = second.block_on(socket.readable());
    println!("socket: {}", readable.expect_err("it has no driver"));
    say("sleep", || second.block_on(nap));
    second.block_on(async { sender.send(7).await }).expect("it is open");
    println!("channel: {:?}", second.block_on(receiver.recv()));

    // The socket, repaired: it moves to the driver of the second runtime.
    let socket = socket.into_std()?;
    let writable = second
        .block_on(async { TcpStream::from_std(socket)?.writable().await });
    println!("socket, moved: {writable:?}");
    Ok(())
}
// ANCHOR_END: program

fn say(what: &str, run: impl FnOnce()) {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(()) => println!("{what}: works"),
        Err(panic) => println!("{what} panics: {}", text(&*panic)),
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref().copied().unwrap_or("without a text"),
    }
}
