//! How a connection ends: closed in one direction, and reset.

use std::io;
use std::net::Shutdown;

use listings::runtimes::reactor::Runtime;
use listings::runtimes::reactor::net::pair;

// ANCHOR: program
fn main() -> io::Result<()> {
    let runtime = Runtime::new()?;
    runtime.block_on(async {
        let mut buffer = [0; 64];

        println!("half-close: the client says that it will send no more");
        let (server, client) = pair(runtime.reactor())?;
        client.write_all(b"question").await?;
        client.shutdown(Shutdown::Write)?;
        println!("  server reads {:?}", server.read(&mut buffer).await);
        println!("  server reads {:?}", server.read(&mut buffer).await);
        server.write_all(b"answer").await?;
        println!("  client reads {:?}", client.read(&mut buffer).await);

        println!("reset: the client closes with bytes that it has not read");
        let (server, client) = pair(runtime.reactor())?;
        server.write_all(b"for nobody").await?;
        drop(client);
        let end = server.read(&mut buffer).await;
        println!("  server reads {:?}", end.map_err(|e| e.kind()));
        let end = server.write(b"more").await;
        println!("  server writes {:?}", end.map_err(|e| e.kind()));
        Ok(())
    })
}
// ANCHOR_END: program
