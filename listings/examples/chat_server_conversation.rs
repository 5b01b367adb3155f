//! A conversation on loopback.

use std::io;
use std::sync::Arc;

use listings::runtimes::chat_server::on_tokio::serve;
use listings::runtimes::chat_server::protocol::Limits;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

struct Client {
    who: &'static str,
    lines: Lines<BufReader<OwnedReadHalf>>,
    writer: OwnedWriteHalf,
}

impl Client {
    async fn says(&mut self, text: &str) -> io::Result<()> {
        match text.len() {
            0..40 => println!("{}> {text}", self.who),
            bytes => println!("{}> ({bytes} bytes)", self.who),
        }
        self.writer.write_all(format!("{text}\n").as_bytes()).await
    }

    /// Reads one line and shows it.
    async fn hears(&mut self) -> io::Result<()> {
        match self.lines.next_line().await? {
            Some(line) => println!("{}< {line}", self.who),
            None => println!("{}< (the end)", self.who),
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    // ANCHOR: program
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(async {
        let stop = async { _ = stopped.await };
        serve(listener, Arc::new(Limits::default()), stop).await
    });
    let connect = async |who| {
        let stream = TcpStream::connect(address).await?;
        let (reader, writer) = stream.into_split();
        let lines = BufReader::new(reader).lines();
        io::Result::Ok(Client { who, lines, writer })
    };

    let mut ann = connect("A").await?;
    ann.hears().await?;
    let mut bob = connect("                B").await?;
    bob.hears().await?;
    ann.says("/name Ann").await?;
    ann.hears().await?;
    bob.hears().await?;
    bob.says("Hello, Ann.").await?;
    bob.hears().await?;
    ann.hears().await?;
    bob.says(&"a".repeat(1025)).await?;
    // ANCHOR_END: program
    bob.hears().await?;
    bob.hears().await?;
    ann.says("Bob?").await?;
    ann.hears().await?;
    drop(bob);
    println!("(ctrl-c)");
    _ = stop.send(());
    ann.hears().await?;
    ann.hears().await?;
    drop(ann);
    println!("{:?}", server.await?);
    Ok(())
}
