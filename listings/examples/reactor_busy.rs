//! An echo server with sockets that do not block, and reads that wake
//! themselves.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Waker};

use listings::runtimes::executor::Executor;
use listings::runtimes::reactor::busy::read;
use listings::wakers::block_on::job::count_polls;

// ANCHOR: program
static POLLS_OF_CLIENT_1: AtomicU64 = AtomicU64::new(0);

async fn echo(client: u32, mut stream: TcpStream) -> io::Result<()> {
    stream.set_nonblocking(true)?;
    let mut buffer = [0; 64];
    let one_read = read(&stream, &mut buffer);
    let (bytes, polls) = count_polls(one_read).await;
    if client == 1 {
        POLLS_OF_CLIENT_1.store(polls, Relaxed);
    }
    stream.write_all(&buffer[..bytes?])
}
// ANCHOR_END: program

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut silent = TcpStream::connect(address)?;
    let mut talks = TcpStream::connect(address)?;
    talks.write_all(b"hello")?;

    // What std says when there is nothing to read.
    let (mut first, _) = listener.accept()?;
    first.set_nonblocking(true)?;
    let error = first.read(&mut [0; 64]).expect_err("client 1 is silent");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    println!("a read of client 1: {error}");

    let executor = Executor::default();
    let (second, _) = listener.accept()?;
    let one = executor.spawner().spawn(echo(1, first));
    let two = executor.spawner().spawn(echo(2, second));
    let done = executor.run(two).expect("no task panics");
    talks.read_exact(&mut [0; 5])?;
    println!("client 2 has its answer: {done:?}");

    // Client 1 takes its time: for as long as 10,000 rounds take.
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        executor.run_once(&mut cx);
    }
    silent.write_all(b"hello")?;
    executor.run(one).expect("no task panics")?;
    let busy = POLLS_OF_CLIENT_1.load(Relaxed) > 10_000;
    println!("one read was polled more than 10,000 times: {busy}");
    Ok(())
}
