//! Two tasks read from one connection: the one that waited first hangs.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use listings::proof::watchdog;
use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::reactor::net::pair;
use listings::runtimes::reactor::{Runtime, TcpStream};
use listings::wakers::mutex::fair::Mutex;

// ANCHOR: program
async fn shared(name: &str, stream: Rc<TcpStream>) -> io::Result<()> {
    let bytes = stream.read(&mut [0; 1]).await?;
    println!("  {name} has {bytes} byte");
    Ok(())
}

async fn locked(name: &str, stream: Rc<Mutex<TcpStream>>) -> io::Result<()> {
    // One task waits for bytes, and the other one for the lock.
    let stream = stream.lock().await;
    let bytes = stream.read(&mut [0; 1]).await?;
    println!("  {name} has {bytes} byte");
    Ok(())
}

fn main() {
    show("two tasks read", |stream| {
        let stream = Rc::new(stream);
        ["task 1", "task 2"].map(|name| shared(name, stream.clone()))
    });
    show("the same, with the connection in an async mutex", |stream| {
        let stream = Rc::new(Mutex::new(stream));
        ["task 1", "task 2"].map(|name| locked(name, stream.clone()))
    });
}
// ANCHOR_END: program

/// Runs two readers, and sends two bytes when both of them wait.
fn show<F: Future<Output = io::Result<()>> + 'static>(
    what: &str,
    readers: impl FnOnce(TcpStream) -> [F; 2] + Send + 'static,
) {
    println!("{what}:");
    let end = watchdog(Duration::from_millis(500), || {
        let runtime = Runtime::new()?;
        let (here, there) = pair(runtime.reactor())?;
        let tasks = readers(here).map(|reader| runtime.spawn(reader));
        runtime.block_on(async {
            yield_now().await;
            there.write_all(b"ab").await?;
            for task in tasks {
                task.await.map_err(io::Error::other)??;
            }
            io::Result::Ok(())
        })
    });
    match end {
        Ok(end) => println!("  both are done: {end:?}"),
        Err(hung) => println!("  {hung}"),
    }
}
