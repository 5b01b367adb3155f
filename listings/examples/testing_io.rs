//! A timeout around a socket, with paused time, and with time that runs.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, resume, timeout};

// ANCHOR: program
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let (answer_now, wait) = channel::<()>();
    let server = thread::spawn(move || -> io::Result<usize> {
        let (mut socket, _) = listener.accept()?;
        let _ = wait.recv(); // until `answer_now` is dropped
        socket.write_all(b"hello")?;
        socket.read(&mut [0; 8])
    });
    let mut socket = TcpStream::connect(address).await?;
    let mut buffer = [0; 8];

    let start = Instant::now();
    let read = timeout(LIMIT, socket.read(&mut buffer)).await;
    println!("paused: {read:?} after {:?}", start.elapsed());

    resume();
    drop(answer_now);
    let read = timeout(LIMIT, socket.read(&mut buffer)).await;
    println!("running: {read:?}");
    drop(socket);
    let _ = server.join();
    Ok(())
}
// ANCHOR_END: program
