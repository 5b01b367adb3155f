//! A client hangs up while the server handles its request.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

// ANCHOR: shop
/// The events. One part of the program tells an event, another waits for it.
#[derive(Debug, Default)]
struct Shop {
    charged: Notify,
    packed: Notify,
    handler_gone: Notify,
    shipped: Notify,
}

/// A local of each handler. It says when the future of the handler is dropped.
struct Gone(Arc<Shop>);

impl Drop for Gone {
    fn drop(&mut self) {
        println!("  the handler is gone");
        self.0.handler_gone.notify_one();
    }
}
// ANCHOR_END: shop

// ANCHOR: handlers
async fn order(shop: &Shop) {
    println!("  charges the card");
    shop.charged.notify_one();
    shop.packed.notified().await;
    println!("  ships");
    shop.shipped.notify_one();
}

async fn in_the_handler(State(shop): State<Arc<Shop>>) -> &'static str {
    let _gone = Gone(shop.clone());
    order(&shop).await;
    "shipped\n"
}

async fn in_a_task(
    State(shop): State<Arc<Shop>>,
) -> Result<&'static str, StatusCode> {
    let _gone = Gone(shop.clone());
    let task = tokio::spawn(async move { order(&shop).await });
    match task.await {
        Ok(()) => Ok("shipped\n"),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
// ANCHOR_END: handlers

// ANCHOR: client
/// Asks for `path`, and hangs up as soon as the card is charged.
async fn client(server: SocketAddr, path: &str, shop: &Shop) -> io::Result<()> {
    println!("{path}");
    let mut stream = TcpStream::connect(server).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: shop\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    shop.charged.notified().await;
    println!("  the client hangs up");
    drop(stream);
    Ok(())
}

async fn two_clients(server: SocketAddr, shop: &Shop) -> io::Result<()> {
    for path in ["/in-the-handler", "/in-a-task"] {
        client(server, path, shop).await?;
        shop.handler_gone.notified().await;
        // The goods are packed. Tells each order that waits for it.
        shop.packed.notify_waiters();
    }
    shop.shipped.notified().await;
    Ok(())
}
// ANCHOR_END: client

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let shop = Arc::new(Shop::default());
    let router = Router::new()
        .route("/in-the-handler", get(in_the_handler))
        .route("/in-a-task", get(in_a_task))
        .with_state(shop.clone());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let server = listener.local_addr()?;
    drop(tokio::spawn(axum::serve(listener, router).into_future()));
    two_clients(server, &shop).await
}
