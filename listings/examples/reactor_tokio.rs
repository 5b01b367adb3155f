//! The echo server in Tokio, and a connection for which two tasks wait.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

// ANCHOR: program
#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
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
    let mut answer = [0; 5];
    talks.read_exact(&mut answer).await?;
    println!("answer: {}", String::from_utf8_lossy(&answer));

    let wait = async |name: &str| {
        talks.readable().await?;
        println!("{name} is told that there are bytes");
        io::Result::Ok(())
    };
    let write = async {
        talks.writable().await?;
        talks.try_write(b"again")
    };
    tokio::try_join!(wait("task 1"), wait("task 2"), write)?;
    Ok(())
}
// ANCHOR_END: program
