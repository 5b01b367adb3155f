//! A client that reads an answer, on a socket that is made of a script.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt,
    BufReader,
};
use tokio_test::io::{Builder, Mock};

// ANCHOR: client
/// Asks for a price. The answer is a line.
async fn careless<S>(mut socket: S) -> io::Result<String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    socket.write_all(b"price of tea\n").await?;
    let mut buffer = [0; 64];
    let length = socket.read(&mut buffer).await?;
    Ok(String::from_utf8_lossy(&buffer[..length]).trim().to_string())
}

async fn careful<S>(mut socket: S) -> io::Result<String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    socket.write_all(b"price of tea\n").await?;
    let mut line = String::new();
    BufReader::new(socket).read_line(&mut line).await?;
    if !line.ends_with('\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim().to_string())
}
// ANCHOR_END: client

// ANCHOR: program
/// The answer comes in two pieces.
fn in_pieces() -> Mock {
    Builder::new().write(b"price of tea\n").read(b"24").read(b"0\n").build()
}

fn cut_off() -> Mock {
    Builder::new().write(b"price of tea\n").read(b"24").build()
}

fn reset() -> Mock {
    let error = io::ErrorKind::ConnectionReset.into();
    Builder::new().write(b"price of tea\n").read_error(error).build()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("careful, in pieces: {:?}", careful(in_pieces()).await);
    println!("careful, cut off: {:?}", careful(cut_off()).await);
    println!("careful, reset: {:?}", careful(reset()).await);
    println!("careless, cut off: {:?}", careless(cut_off()).await);
    let mut socket = in_pieces();
    println!("careless, in pieces: {:?}", careless(&mut socket).await);
    set_hook(Box::new(|panic| println!("the mock: {}", text(panic))));
    let _ = catch_unwind(AssertUnwindSafe(|| drop(socket)));
}
// ANCHOR_END: program

fn text<'a>(panic: &'a std::panic::PanicHookInfo<'_>) -> &'a str {
    panic.payload_as_str().unwrap_or("?")
}
