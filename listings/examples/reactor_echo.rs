//! An echo server: one thread, a task for each connection.

use std::io::{self, Read, Write};
use std::net;
use std::thread;

use listings::runtimes::reactor::{Runtime, TcpListener, TcpStream};

// ANCHOR: server
async fn echo(stream: TcpStream) -> io::Result<u64> {
    let mut buffer = [0; 1024];
    let mut all = 0;
    loop {
        let bytes = stream.read(&mut buffer).await?;
        if bytes == 0 {
            return Ok(all);
        }
        stream.write_all(&buffer[..bytes]).await?;
        all += bytes as u64;
    }
}

fn main() -> io::Result<()> {
    let runtime = Runtime::new()?;
    let listener = TcpListener::bind("127.0.0.1:0", runtime.reactor())?;
    let address = listener.local_addr()?;
    let clients = thread::spawn(move || clients(address));

    let spawner = runtime.spawner();
    let tasks = runtime.block_on(async {
        let mut tasks = Vec::new();
        for _ in 0..3 {
            let (stream, _) = listener.accept().await?;
            tasks.push(spawner.spawn(echo(stream)));
        }
        io::Result::Ok(tasks)
    })?;
    let mut echoed = Vec::new();
    for task in tasks {
        let end = runtime.block_on(task).expect("no task panics");
        echoed.push(end?);
    }
    println!("bytes echoed for each connection: {echoed:?}");
    clients.join().expect("the clients are served")
}
// ANCHOR_END: server

/// Three clients of std, on a thread of their own. The first says nothing
/// until the others have been served.
fn clients(address: net::SocketAddr) -> io::Result<()> {
    let mut slow = net::TcpStream::connect(address)?;
    for name in ["Ann", "Bob"] {
        let mut stream = net::TcpStream::connect(address)?;
        stream.write_all(name.as_bytes())?;
        let mut answer = [0; 3];
        stream.read_exact(&mut answer)?;
        println!("answer: {}", String::from_utf8_lossy(&answer));
    }
    slow.write_all(b"at last")?;
    let mut answer = [0; 7];
    slow.read_exact(&mut answer)?;
    println!("answer: {}", String::from_utf8_lossy(&answer));
    Ok(())
}
