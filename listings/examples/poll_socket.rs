//! A read waits for a socket: pending, then woken when the bytes are there.

use std::future::poll_fn;
use std::io;
use std::pin::pin;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut here = TcpStream::connect(listener.local_addr()?).await?;
    let (mut there, _) = listener.accept().await?;

    let mut buffer = [0; 5];
    let mut read = pin!(here.read(&mut buffer));
    let watched_read = poll_fn(|cx| {
        let answer = read.as_mut().poll(cx);
        println!("the read is polled: {answer:?}");
        answer
    });
    let write = async {
        println!("the other end writes 5 bytes");
        there.write_all(b"hello").await
    };
    tokio::try_join!(watched_read, write)?;
    Ok(())
}
