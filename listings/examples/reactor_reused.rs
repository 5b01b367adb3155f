//! A socket is closed, and the next one gets its descriptor.

#[cfg(unix)]
// ANCHOR: program
fn main() -> std::io::Result<()> {
    use std::net::TcpListener;
    use std::os::fd::AsRawFd;

    use listings::runtimes::reactor::{Async, Reactor};

    let reactor = Reactor::new()?;
    let listen = || Async::new(TcpListener::bind("127.0.0.1:0")?, &reactor);
    let first = listen()?;
    let (descriptor, key) = (first.get_ref().as_raw_fd(), first.key());
    println!("sockets watched: {}", reactor.sources());
    drop(first);
    println!("sockets watched: {}", reactor.sources());

    let second = listen()?;
    let same = second.get_ref().as_raw_fd() == descriptor;
    println!("the next socket has the same descriptor: {same}");
    println!("and the same key: {}", second.key() == key);
    Ok(())
}
// ANCHOR_END: program

#[cfg(not(unix))]
fn main() {}
