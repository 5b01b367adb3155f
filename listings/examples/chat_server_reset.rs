//! A socket is closed while bytes that came in are not read: what was written
//! to it is lost.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

/// A server and a client. The client has said something.
fn connected() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    client.write_all(b"I say something\n")?;
    server.peek(&mut [0])?;
    Ok((server, client))
}

/// Writes until no buffer on the way takes more.
fn write_much(mut server: &TcpStream) -> io::Result<usize> {
    server.set_nonblocking(true)?;
    let mut written = 0;
    loop {
        match server.write(&[b'a'; 1 << 16]) {
            Ok(n) => written += n,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    server.set_nonblocking(false)?;
    Ok(written)
}

/// Reads to the end, and tells how that went.
fn read_all(mut client: TcpStream, written: usize) -> String {
    let mut bytes = Vec::new();
    let end = client.read_to_end(&mut bytes).map_err(|error| error.kind());
    format!("all of it: {}, the end: {:?}", bytes.len() == written, end.err())
}

// ANCHOR: program
fn main() -> io::Result<()> {
    let (server, client) = connected()?;
    let written = write_much(&server)?;
    drop(server);
    println!("closed at once: {}", read_all(client, written));

    let (mut server, client) = connected()?;
    let written = write_much(&server)?;
    let reads = thread::spawn(move || read_all(client, written));
    server.shutdown(Shutdown::Write)?;
    // Reads what the client says until the client closes.
    io::copy(&mut server, &mut io::sink())?;
    drop(server);
    let end = reads.join().expect("it does not panic");
    println!("read to the end first: {end}");
    Ok(())
}
// ANCHOR_END: program
