//! Reads from whatever it is told to at run time, through Tokio's trait.

use std::io::Result;

use tokio::io::{self, AsyncRead, AsyncReadExt};

fn open(name: &str) -> Box<dyn AsyncRead + Unpin + Send> {
    match name {
        "nothing" => Box::new(io::empty()),
        "a's" => Box::new(io::repeat(b'a').take(3)),
        other => Box::new(std::io::Cursor::new(other.to_owned())),
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    for name in ["nothing", "a's", "a text"] {
        let mut text = String::new();
        open(name).read_to_string(&mut text).await?;
        println!("{name}: {text:?}");
    }
    Ok(())
}
