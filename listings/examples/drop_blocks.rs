//! A session whose `drop` blocks until goodbye is said, and what happens.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::time::Duration;

use listings::proof::watchdog;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::runtime::{Builder, Handle};

// ANCHOR: sessions
/// Blocks with the `block_on` of the runtime.
struct ByTokio(DuplexStream);

impl Drop for ByTokio {
    fn drop(&mut self) {
        let goodbye = self.0.write_all(b"goodbye");
        report(Handle::current().block_on(goodbye));
    }
}

/// Blocks with a `block_on` that knows nothing of the runtime.
struct ByPollster(DuplexStream);

impl Drop for ByPollster {
    fn drop(&mut self) {
        report(pollster::block_on(self.0.write_all(b"goodbye")));
    }
}
// ANCHOR_END: sessions

// ANCHOR: session
/// Drops a session, while a task on the same thread is the server.
async fn session<S>(new: impl FnOnce(DuplexStream) -> S) {
    // The stream holds four bytes until the server reads them, and the
    // goodbye has seven.
    let (stream, mut server) = duplex(4);
    let server = tokio::spawn(async move {
        let mut heard = String::new();
        server.read_to_string(&mut heard).await.map(|_| heard)
    });
    drop(new(stream));
    let heard = server.await.expect("it does not panic");
    println!("  the server heard {heard:?}");
}
// ANCHOR_END: session

fn on_one_thread(program: impl Future) {
    let runtime = Builder::new_current_thread().build().expect("it starts");
    runtime.block_on(program);
}

fn main() {
    set_hook(Box::new(|panic| {
        let text = panic.payload_as_str().unwrap_or_default();
        println!("  it panics: {}.", text.split('.').next().unwrap_or(text));
    }));

    println!("Tokio's block_on in `drop`:");
    let program = || on_one_thread(session(ByTokio));
    catch_unwind(AssertUnwindSafe(program)).expect_err("it panics");

    println!("another block_on in `drop`:");
    let program = || on_one_thread(session(ByPollster));
    match watchdog(Duration::from_secs(1), program) {
        Ok(()) => println!("  done"),
        Err(hung) => println!("  {hung}"),
    }
}

fn report(written: io::Result<()>) {
    println!("  goodbye was written: {}", written.is_ok());
}
