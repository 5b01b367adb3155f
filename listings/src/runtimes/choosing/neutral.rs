//! A client that works on every runtime: it makes no socket, starts no task
//! and waits for no time. Its caller does.

use std::io::{self, ErrorKind};

use smol::channel::{self, Receiver};
use smol::io::{AsyncBufReadExt, AsyncRead, AsyncWrite};
use smol::io::{AsyncWriteExt, BufReader};

use crate::wakers::oneshot::closed as oneshot;

// ANCHOR: client
/// Asks a server for prices. A clone asks over the same connection.
#[derive(Clone)]
pub struct Client(channel::Sender<Question>);

struct Question {
    item: String,
    answer: oneshot::Sender<u32>,
}

/// A client, and the work of its connection: a future that the caller polls,
/// for example in a task. The future ends when the last client is dropped, or
/// with the error of the connection.
pub fn client<S>(stream: S) -> (Client, impl Future<Output = io::Result<()>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (questions, asked) = channel::bounded(8);
    (Client(questions), serve(stream, Asked(asked)))
}

impl Client {
    /// The price of `item`, which is one line.
    ///
    /// # Errors
    /// When the connection has ended before the answer.
    pub async fn ask(&self, item: &str) -> Result<u32, oneshot::Closed> {
        let (answer, price) = oneshot::channel();
        let question = Question { item: item.to_string(), answer };
        // When nobody takes the question, its `answer` is dropped with it.
        let _ = self.0.send(question).await;
        price.await
    }
}
// ANCHOR_END: client

// ANCHOR: serve
/// The questions that wait. The channel would keep them as long as a client
/// lives, so the end of the connection drops them, and each `ask` ends.
struct Asked(Receiver<Question>);

impl Drop for Asked {
    fn drop(&mut self) {
        // From here on no question comes in.
        self.0.close();
        while self.0.try_recv().is_ok() {}
    }
}

async fn serve<S>(stream: S, asked: Asked) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    while let Ok(Question { item, answer }) = asked.0.recv().await {
        let line = item + "\n";
        stream.get_mut().write_all(line.as_bytes()).await?;
        stream.get_mut().flush().await?;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if !line.ends_with('\n') {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let price = line.trim_end().parse().map_err(io::Error::other)?;
        // An error means that nobody waits for this price any more.
        let _ = answer.send(price);
    }
    stream.get_mut().close().await
}
// ANCHOR_END: serve

/// A server for programs and tests, on a thread of its own: the price of an
/// item is the number of its letters.
///
/// # Errors
/// When no socket is left.
pub fn server() -> io::Result<std::net::SocketAddr> {
    use std::io::{BufRead, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || -> io::Result<()> {
        for stream in listener.incoming() {
            let mut stream = stream?;
            for line in io::BufReader::new(stream.try_clone()?).lines() {
                writeln!(stream, "{}", line?.len())?;
            }
        }
        Ok(())
    });
    Ok(address)
}

#[cfg(test)]
mod tests {
    use std::net::{Shutdown, TcpStream};
    use std::time::Duration;

    use async_compat::Compat;

    use super::*;
    use crate::proof::watchdog;
    use crate::runtimes::reactor::net::std_pair;

    const LIMIT: Duration = Duration::from_secs(30);

    fn both<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
        watchdog(LIMIT, run).unwrap()
    }

    async fn asks_two(client: Client) -> [Result<u32, oneshot::Closed>; 2] {
        let asks = [client.ask("tea").await, client.ask("coffee").await];
        drop(client);
        asks
    }

    #[test]
    fn the_client_works_on_tokio_on_smol_and_on_our_runtime() {
        let expected = [Ok(3), Ok(6)];
        let on_tokio = both(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let address = server().unwrap();
                let stream = tokio::net::TcpStream::connect(address).await;
                let (client, connection) = client(Compat::new(stream.unwrap()));
                let connection = tokio::spawn(connection);
                let prices = asks_two(client).await;
                connection.await.unwrap().unwrap();
                prices
            })
        });
        assert_eq!(on_tokio, expected);
        let on_smol = both(|| {
            smol::block_on(async {
                let address = server().unwrap();
                let stream = smol::net::TcpStream::connect(address).await;
                let (client, connection) = client(stream.unwrap());
                let connection = smol::spawn(connection);
                let prices = asks_two(client).await;
                connection.await.unwrap();
                prices
            })
        });
        assert_eq!(on_smol, expected);
        let on_ours = both(|| {
            let runtime = crate::runtimes::timers::Runtime::new().unwrap();
            let address = server().unwrap();
            let stream = TcpStream::connect(address).unwrap();
            let stream = smol::Async::new(stream).unwrap();
            let (client, connection) = client(stream);
            let connection = runtime.spawn(connection);
            let prices = runtime.block_on(asks_two(client));
            runtime.block_on(connection).unwrap().unwrap();
            prices
        });
        assert_eq!(on_ours, expected);
    }

    #[test]
    fn the_connection_is_send_when_its_stream_is() {
        fn is_send<T: Send>(_: &T) {}
        let (_client, connection) = client(smol::io::Cursor::new(Vec::new()));
        is_send(&connection);
    }

    #[test]
    fn a_caller_that_wants_no_task_joins_the_two_futures() {
        let prices = both(|| {
            let stream = TcpStream::connect(server().unwrap()).unwrap();
            let (client, connection) =
                client(smol::Async::new(stream).unwrap());
            let both = async { futures::join!(asks_two(client), connection) };
            let (prices, end) = pollster::block_on(both);
            end.unwrap();
            prices
        });
        assert_eq!(prices, [Ok(3), Ok(6)]);
    }

    #[test]
    fn the_end_of_the_connection_is_told_to_who_asks() {
        let (price, end) = both(|| {
            let stream = TcpStream::connect(server().unwrap()).unwrap();
            stream.shutdown(Shutdown::Both).unwrap();
            let (client, connection) =
                client(smol::Async::new(stream).unwrap());
            let asks = async move { client.ask("tea").await };
            pollster::block_on(async { futures::join!(asks, connection) })
        });
        assert_eq!(price, Err(oneshot::Closed));
        assert!(end.is_err());
    }

    #[test]
    fn an_answer_that_is_cut_off_is_no_price() {
        use std::io::{BufRead, Write};
        let (price, end) = both(|| {
            let (here, there) = std_pair().unwrap();
            std::thread::spawn(move || {
                let mut there = io::BufReader::new(there);
                there.read_line(&mut String::new()).unwrap();
                // Of "240\n", and then the server is gone.
                there.get_mut().write_all(b"24").unwrap();
            });
            let (client, connection) = client(smol::Async::new(here).unwrap());
            let asks = async move { client.ask("tea").await };
            pollster::block_on(async { futures::join!(asks, connection) })
        });
        assert_eq!(price, Err(oneshot::Closed));
        assert_eq!(end.unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_question_that_waits_ends_with_the_connection() {
        let prices = both(|| {
            let stream = TcpStream::connect(server().unwrap()).unwrap();
            stream.shutdown(Shutdown::Both).unwrap();
            let (client, connection) =
                client(smol::Async::new(stream).unwrap());
            let asks = async {
                futures::join!(client.ask("tea"), client.ask("coffee"))
            };
            let both = async { futures::join!(asks, connection) };
            pollster::block_on(both).0
        });
        assert_eq!(prices, (Err(oneshot::Closed), Err(oneshot::Closed)));
    }
}
