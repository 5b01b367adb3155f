//! An echo server and its clients on two workers, with sockets and timers.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use listings::runtimes::reactor::{TcpListener, TcpStream};
use listings::runtimes::threads::runtime::Runtime;

// ANCHOR: program
async fn echo(stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 64];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..n]).await?;
    }
}

fn main() -> io::Result<()> {
    let runtime = Runtime::new(2)?;
    let (reactor, timers) = (runtime.reactor().clone(), runtime.timers());
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(any, &reactor)?;
    let address = listener.local_addr()?;
    let spawner = runtime.spawner();
    drop(runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(spawner.spawn(echo(stream)));
        }
    }));

    let clients: Vec<_> = (1..=10)
        .map(|client| {
            let reactor = reactor.clone();
            let sleep = timers.sleep(Duration::from_millis(client));
            runtime.spawn(async move {
                sleep.await;
                let stream = TcpStream::connect(address, &reactor).await?;
                stream.write_all(b"hello").await?;
                stream.read(&mut [0; 64]).await
            })
        })
        .collect();
    let mut bytes = 0;
    for client in clients {
        bytes += runtime.block_on(client).expect("no client panics")?;
    }
    println!("echoed: {bytes} bytes");
    Ok(())
}
// ANCHOR_END: program
