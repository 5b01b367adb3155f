//! In Tokio, a socket that has bytes, beside a task that is always woken. How
//! many turns until the runtime looks at the socket?

use std::future::poll_fn;
use std::io::{self, Write};
use std::task::Poll;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

/// How many turns the busy task has before the read is done.
fn turns(interval: u32) -> io::Result<u32> {
    let runtime = Builder::new_current_thread()
        .event_interval(interval)
        .enable_io()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let mut here = TcpStream::connect(listener.local_addr()?).await?;
        let (there, _) = listener.accept().await?;
        let mut there = there.into_std()?;
        let read = tokio::spawn(async move { here.read_u8().await });
        tokio::task::yield_now().await;
        let mut turns = 0;
        let busy = tokio::spawn(poll_fn(move |cx| {
            if turns == 0 {
                there.write_all(b"!").expect("the buffer is empty");
            } else if read.is_finished() {
                return Poll::Ready(turns);
            }
            turns += 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        Ok(busy.await.expect("it does not panic"))
    })
}

fn main() -> io::Result<()> {
    for interval in [5, 61, 1000] {
        println!("interval {interval}: {} turns", turns(interval)?);
    }
    Ok(())
}
