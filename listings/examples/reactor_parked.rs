//! A read that is armed in the reactor, under a runner that sleeps elsewhere,
//! and under one that sleeps in the reactor.

use std::io::Write;
use std::time::Duration;

use listings::proof::watchdog;
use listings::runtimes::executor::Executor;
use listings::runtimes::reactor::net::std_pair;
use listings::runtimes::reactor::{Reactor, Runtime, TcpStream};

// ANCHOR: program
fn main() {
    show("Executor::run sleeps in `park`", || {
        let reactor = Reactor::new()?;
        let (here, mut there) = std_pair()?;
        let here = TcpStream::new(here, &reactor)?;
        Executor::default().run(async {
            let read = async { here.read(&mut [0; 8]).await };
            let write = async { there.write_all(b"hello") };
            futures::join!(read, write).0
        })
    });
    show("Runtime::block_on sleeps in the reactor", || {
        let runtime = Runtime::new()?;
        let (here, mut there) = std_pair()?;
        let here = TcpStream::new(here, runtime.reactor())?;
        runtime.block_on(async {
            let read = async { here.read(&mut [0; 8]).await };
            let write = async { there.write_all(b"hello") };
            futures::join!(read, write).0
        })
    });
}
// ANCHOR_END: program

fn show(
    who: &str,
    run: impl FnOnce() -> std::io::Result<usize> + Send + 'static,
) {
    match watchdog(Duration::from_millis(500), run) {
        Ok(bytes) => println!("{who}: {bytes:?}"),
        Err(hung) => println!("{who}: {hung}"),
    }
}
