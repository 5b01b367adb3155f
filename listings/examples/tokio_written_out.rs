//! Attributes of `#[tokio::main]`, and what they stand for.

use std::io;

use tokio::runtime::{Builder, Handle, LocalOptions};

// ANCHOR: program
#[tokio::main(worker_threads = 2)]
async fn attribute() {
    say().await;
}

fn written_out() {
    let body = async {
        say().await;
    };
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build();
    runtime.expect("Failed building the Runtime").block_on(body);
    // The runtime was a temporary value. It is dropped at the semicolon.
}

fn main() -> io::Result<()> {
    attribute();
    written_out();

    // flavor = "current_thread", and without `expect`
    Builder::new_current_thread().enable_all().build()?.block_on(say());

    // flavor = "local"
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_all().build_local(LocalOptions::default())?;
    runtime.block_on(say());
    Ok(())
}
// ANCHOR_END: program

async fn say() {
    let handle = Handle::current();
    let workers = handle.metrics().num_workers();
    println!("{:?}, workers: {workers}", handle.runtime_flavor());
}
