//! The chat server on the runtime of the book. Talk to it with
//! `nc 127.0.0.1 6000`.

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::thread;

use listings::runtimes::chat_server::on_ours::serve;
use listings::runtimes::chat_server::protocol::Limits;
use listings::runtimes::reactor::TcpListener;
use listings::runtimes::threads::runtime::Runtime;
use listings::wakers::oneshot::closed::channel;

// ANCHOR: program
fn main() -> Result<(), Box<dyn Error>> {
    let Some(port) = env::args().nth(1) else {
        println!("usage: cargo run --example chat_server_ours -- 6000");
        return Ok(());
    };
    let runtime = Runtime::new(2)?;
    let address = ("127.0.0.1", port.parse()?);
    let listener = TcpListener::bind(address, runtime.reactor())?;
    println!("listening on {}, ctrl-c ends it", listener.local_addr()?);

    // Our runtime has no signals, so a thread waits for one with Tokio.
    let (sender, interrupted) = channel();
    let signals = tokio::runtime::Runtime::new()?;
    thread::spawn(move || {
        let _ = sender.send(signals.block_on(tokio::signal::ctrl_c()));
    });
    let stop = async {
        if let Ok(Err(error)) = interrupted.await {
            eprintln!("no ctrl-c: {error}");
        }
    };
    let limits = Arc::new(Limits::default());
    let ended = runtime.block_on(serve(&runtime, listener, limits, stop));
    println!("ended, {} clients were cut off", ended.aborted);
    Ok(())
}
// ANCHOR_END: program
