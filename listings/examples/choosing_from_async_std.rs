//! Code of async-std, on smol: what has another name, and a handle that is
//! dropped.

use std::io;

use smol::channel::{Receiver, Sender, bounded};
use smol::io::{AsyncReadExt, AsyncWriteExt};
use smol::net::{TcpListener, TcpStream};

// ANCHOR: echo
async fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    stream.write_all(text.as_bytes()).await
}

async fn ask(text: &str) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut here = TcpStream::connect(listener.local_addr()?).await?;
    let (there, _) = listener.accept().await?;
    // async-std: `task::spawn(echo(there));`
    smol::spawn(echo(there)).detach();
    here.write_all(text.as_bytes()).await?;
    here.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    here.read_to_string(&mut answer).await?;
    Ok(answer)
}
// ANCHOR_END: echo

// ANCHOR: dropped
async fn save(begin: Receiver<()>, saved: Sender<&'static str>) {
    if begin.recv().await.is_ok() {
        let _ = saved.send("saved").await;
    }
}

async fn detached_and_dropped() {
    let (start, begin) = bounded(1);
    let (sender, saved) = bounded(1);
    smol::spawn(save(begin, sender)).detach();
    let _ = start.send(()).await;
    println!("detached: {:?}", saved.recv().await);

    // Nobody says `start`, so this answer comes when the task is gone.
    let (_start, begin) = bounded(1);
    let (sender, saved) = bounded(1);
    drop(smol::spawn(save(begin, sender)));
    println!("dropped: {:?}", saved.recv().await);
}
// ANCHOR_END: dropped

fn main() -> io::Result<()> {
    smol::block_on(async {
        println!("{}", ask("hello").await?);
        detached_and_dropped().await;
        Ok(())
    })
}
