//! The chat server. Talk to it with `nc localhost 6000`.

use std::env;
use std::error::Error;
use std::sync::Arc;

use listings::runtimes::chat_server::on_tokio::serve;
use listings::runtimes::chat_server::protocol::Limits;
use tokio::net::TcpListener;

// ANCHOR: program
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(port) = env::args().nth(1) else {
        println!("usage: cargo run --example chat_server -- 6000");
        return Ok(());
    };
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    println!("listening on {}, ctrl-c ends it", listener.local_addr()?);
    let stop = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            eprintln!("no ctrl-c: {error}");
        }
    };
    let ended = serve(listener, Arc::new(Limits::default()), stop).await;
    println!("ended, {} clients were cut off", ended.aborted);
    Ok(())
}
// ANCHOR_END: program
