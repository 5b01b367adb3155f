use futures::io::AsyncRead;
use tokio::net::TcpStream;

/// A library that takes any stream of futures-io.
fn reads<S: AsyncRead + Unpin>(stream: S) {
    drop(stream);
}

fn gives(stream: TcpStream) {
    reads(stream);
}

fn main() {}
