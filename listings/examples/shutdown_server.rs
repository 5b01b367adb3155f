//! The server, a client, and a SIGTERM that the program sends to itself.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use listings::cancellation::shutdown::server::{run, signals};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

// ANCHOR: main
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let name = format!("shutdown_server-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let signals = signals()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = tokio::spawn(client(listener.local_addr()?));
    let deadline = Duration::from_secs(5);
    let work = |line: String| async move { line.to_uppercase() };
    let stopped = run(listener, &path, signals, deadline, work).await?;
    client.await??;
    println!("{stopped:?}");
    println!("in the file: {:?}", tokio::fs::read_to_string(&path).await?);
    tokio::fs::remove_file(path).await?;
    Ok(())
}
// ANCHOR_END: main

async fn client(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let (reader, mut writer) = stream.split();
    let mut answers = BufReader::new(reader).lines();
    for line in ["eggs", "milk"] {
        writer.write_all(format!("{line}\n").as_bytes()).await?;
        println!("client: {line}: {:?}", answers.next_line().await?);
    }
    terminate();
    println!("client: after SIGTERM: {:?}", answers.next_line().await?);
    Ok(())
}

/// Sends SIGTERM to this process.
fn terminate() {
    #[cfg(unix)]
    {
        use rustix::process::{Signal, getpid, kill_process};
        let sent = kill_process(getpid(), Signal::TERM);
        sent.expect("it is our own process");
    }
    // Without SIGTERM there is nothing to show.
    #[cfg(not(unix))]
    std::process::exit(0);
}
