//! The echo server in Tokio, and a connection for which two tasks wait.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

// ANCHOR: program
#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        // A real server goes on after an error.
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut reads, mut writes) = stream.into_split();
                copy(&mut reads, &mut writes).await
            });
        }
    });

    let _silent = TcpStream::connect(address).await?;
    let mut talks = TcpStream::connect(address).await?;
    talks.write_all(b"hello").await?;
    let mut answer = [0; 64];
    let bytes = talks.read(&mut answer).await?;
    println!("answer: {}", String::from_utf8_lossy(&answer[..bytes]));

    let talks = Arc::new(talks);
    let tasks = ["task 1", "task 2"].map(|name| {
        let talks = talks.clone();
        tokio::spawn(async move { talks.readable().await.map(|()| name) })
    });
    tokio::task::yield_now().await;
    let wait = tasks.iter().all(|task| !task.is_finished());
    println!("both tasks wait: {wait}");
    talks.writable().await?;
    talks.try_write(b"again")?;
    for task in tasks {
        println!("{} was told that there are bytes", task.await??);
    }
    Ok(())
}
// ANCHOR_END: program
