//! An echo server whose two tasks read from blocking sockets, on one thread.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use listings::proof::watchdog;
use listings::runtimes::executor::Executor;

// ANCHOR: program
async fn echo(client: u32, mut stream: TcpStream) -> io::Result<()> {
    println!("the task of client {client} reads");
    let mut buffer = [0; 64];
    let bytes = stream.read(&mut buffer)?;
    println!("the task of client {client} answers");
    stream.write_all(&buffer[..bytes])
}

fn main() {
    let answer = watchdog(Duration::from_millis(500), || {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let _silent = TcpStream::connect(address)?;
        let mut talks = TcpStream::connect(address)?;
        talks.write_all(b"hello")?;

        let executor = Executor::default();
        for client in [1, 2] {
            let (stream, _) = listener.accept()?;
            executor.spawner().add(async move {
                if let Err(why) = echo(client, stream).await {
                    println!("client {client}: {why}");
                }
            });
        }
        executor.run_until_stalled();
        let mut answer = [0; 5];
        talks.read_exact(&mut answer)
    });
    match answer {
        Ok(read) => println!("client 2 has its answer: {read:?}"),
        Err(hung) => println!("client 2: {hung}"),
    }
}
// ANCHOR_END: program
