//! One read of a socket, with all that happens below `.await`, on one thread.

use std::io::{self, Write};
use std::sync::mpsc::channel;
use std::thread;

use listings::runtimes::anatomy::one_thread::block_on;
use listings::runtimes::anatomy::reactor::{Reactor, Step, connection};
use listings::runtimes::anatomy::read::read;

fn main() -> io::Result<()> {
    let (here, mut there) = connection()?;
    let (now, write_now) = channel();
    let reactor = Reactor::new(here, move |step| {
        println!("{step}");
        if step == Step::Wait {
            now.send(()).expect("the other end is not done");
        }
    })?;
    let other_end = thread::spawn(move || -> io::Result<()> {
        write_now.recv().expect("the reader waits");
        println!("other end: writes 5 bytes");
        there.write_all(b"hello")
    });

    let mut buffer = [0; 16];
    let task = async { read(&reactor, &mut buffer).await };
    let count = block_on(&reactor, task)??;
    println!("task: {}", String::from_utf8_lossy(&buffer[..count]));
    other_end.join().expect("it does not panic")
}
