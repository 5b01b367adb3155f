//! One client on two runtimes.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use async_compat::Compat;
use listings::runtimes::choosing::neutral::{client, server};
use smol::future::FutureExt;

// ANCHOR: program
const LIMIT: Duration = Duration::from_secs(30);

#[tokio::main]
async fn on_tokio(address: SocketAddr) -> Result<u32, Box<dyn Error>> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    let (client, connection) = client(Compat::new(stream));
    tokio::spawn(connection);
    Ok(tokio::time::timeout(LIMIT, client.ask("tea")).await??)
}

fn on_smol(address: SocketAddr) -> Result<u32, Box<dyn Error>> {
    smol::block_on(async {
        let stream = smol::net::TcpStream::connect(address).await?;
        let (client, connection) = client(stream);
        smol::spawn(connection).detach();
        let too_late = async {
            smol::Timer::after(LIMIT).await;
            Err(io::Error::from(ErrorKind::TimedOut).into())
        };
        async { Ok(client.ask("tea").await?) }.or(too_late).await
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("on Tokio: {}", on_tokio(server()?)?);
    println!("on smol: {}", on_smol(server()?)?);
    Ok(())
}
// ANCHOR_END: program
