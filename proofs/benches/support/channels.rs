//! The channels of four libraries behind one trait.

use futures::channel::{mpsc, oneshot};
use futures::{SinkExt, StreamExt};
use listings::wakers::channel::bounded;
use listings::wakers::oneshot::alone;

/// What a library offers for two tasks to talk through.
pub trait Channels: 'static {
    /// Sends one value.
    type OneSender<T: Send + 'static>: Send + 'static;
    /// Receives it.
    type OneReceiver<T: Send + 'static>: Send + 'static;
    /// Sends many.
    type Sender: Send + 'static;
    /// Receives them.
    type Receiver: Send + 'static;

    /// A channel for one value.
    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>);
    /// Sends the one value.
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T);
    /// Waits for the one value.
    fn receive<T: Send + 'static>(
        from: Self::OneReceiver<T>,
    ) -> impl Future<Output = T> + Send;
    /// A channel that holds `capacity` values.
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver);
    /// Sends one of many.
    fn send(
        to: &mut Self::Sender,
        value: u64,
    ) -> impl Future<Output = ()> + Send;
    /// Receives one of many.
    fn next(
        from: &mut Self::Receiver,
    ) -> impl Future<Output = Option<u64>> + Send;
}

/// The channels of the book.
pub enum Ours {}

impl Channels for Ours {
    type OneSender<T: Send + 'static> = alone::Sender<T>;
    type OneReceiver<T: Send + 'static> = alone::Receiver<T>;
    type Sender = bounded::Sender<u64>;
    type Receiver = bounded::Receiver<u64>;

    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>)
    {
        alone::channel()
    }
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T) {
        // An error means that nobody waits, which no workload does.
        let _ = to.send(value);
    }
    async fn receive<T: Send + 'static>(from: Self::OneReceiver<T>) -> T {
        from.await.expect("the sender sends")
    }
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        bounded::channel(capacity)
    }
    async fn send(to: &mut Self::Sender, value: u64) {
        to.send(value).await.expect("the receiver is there");
    }
    async fn next(from: &mut Self::Receiver) -> Option<u64> {
        from.recv().await
    }
}

/// Those of Tokio.
pub enum Tokio {}

impl Channels for Tokio {
    type OneSender<T: Send + 'static> = tokio::sync::oneshot::Sender<T>;
    type OneReceiver<T: Send + 'static> = tokio::sync::oneshot::Receiver<T>;
    type Sender = tokio::sync::mpsc::Sender<u64>;
    type Receiver = tokio::sync::mpsc::Receiver<u64>;

    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>)
    {
        tokio::sync::oneshot::channel()
    }
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T) {
        // An error means that nobody waits, which no workload does.
        let _ = to.send(value);
    }
    async fn receive<T: Send + 'static>(from: Self::OneReceiver<T>) -> T {
        from.await.expect("the sender sends")
    }
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        tokio::sync::mpsc::channel(capacity)
    }
    async fn send(to: &mut Self::Sender, value: u64) {
        to.send(value).await.expect("the receiver is there");
    }
    async fn next(from: &mut Self::Receiver) -> Option<u64> {
        from.recv().await
    }
}

/// Those of smol, which are those of async-channel. It has no oneshot.
pub enum Smol {}

impl Channels for Smol {
    type OneSender<T: Send + 'static> = smol::channel::Sender<T>;
    type OneReceiver<T: Send + 'static> = smol::channel::Receiver<T>;
    type Sender = smol::channel::Sender<u64>;
    type Receiver = smol::channel::Receiver<u64>;

    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>)
    {
        smol::channel::bounded(1)
    }
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T) {
        // An error means that nobody waits, which no workload does.
        let _ = to.try_send(value);
    }
    async fn receive<T: Send + 'static>(from: Self::OneReceiver<T>) -> T {
        from.recv().await.expect("the sender sends")
    }
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        smol::channel::bounded(capacity)
    }
    async fn send(to: &mut Self::Sender, value: u64) {
        to.send(value).await.expect("the receiver is there");
    }
    async fn next(from: &mut Self::Receiver) -> Option<u64> {
        from.recv().await.ok()
    }
}

/// Those of the futures crate.
pub enum Futures {}

impl Channels for Futures {
    type OneSender<T: Send + 'static> = oneshot::Sender<T>;
    type OneReceiver<T: Send + 'static> = oneshot::Receiver<T>;
    type Sender = mpsc::Sender<u64>;
    type Receiver = mpsc::Receiver<u64>;

    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>)
    {
        oneshot::channel()
    }
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T) {
        // An error means that nobody waits, which no workload does.
        let _ = to.send(value);
    }
    async fn receive<T: Send + 'static>(from: Self::OneReceiver<T>) -> T {
        from.await.expect("the sender sends")
    }
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        mpsc::channel(capacity)
    }
    async fn send(to: &mut Self::Sender, value: u64) {
        to.send(value).await.expect("the receiver is there");
    }
    async fn next(from: &mut Self::Receiver) -> Option<u64> {
        from.next().await
    }
}
