//! Channels for one value and for many.

use std::hint::black_box;
use std::pin::pin;
use std::task::Context;

use futures::StreamExt;
use listings::wakers::channel::unbounded;
use listings::wakers::notify::line::Notify;

use super::channels::{Channels, Futures, Ours, Smol, Tokio};
use super::table::{Run, Table, workload};
use super::waker::{quiet, ready, waits};

/// How many values are sent before the first is received.
const BURST: usize = 100;

/// The channels of flume. It has no oneshot.
enum Flume {}

impl Channels for Flume {
    type OneSender<T: Send + 'static> = flume::Sender<T>;
    type OneReceiver<T: Send + 'static> = flume::Receiver<T>;
    type Sender = flume::Sender<u64>;
    type Receiver = flume::Receiver<u64>;

    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>)
    {
        flume::bounded(1)
    }
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T) {
        // An error means that nobody waits, which no workload does.
        let _ = to.try_send(value);
    }
    async fn receive<T: Send + 'static>(from: Self::OneReceiver<T>) -> T {
        from.recv_async().await.expect("the sender sends")
    }
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        flume::bounded(capacity)
    }
    async fn send(to: &mut Self::Sender, value: u64) {
        to.send_async(value).await.expect("the receiver is there");
    }
    async fn next(from: &mut Self::Receiver) -> Option<u64> {
        from.recv_async().await.ok()
    }
}

/// What a library offers for values without a limit.
trait Unbounded: Channels {
    type Sender;
    type Receiver;

    fn unbounded()
    -> (<Self as Unbounded>::Sender, <Self as Unbounded>::Receiver);
    fn put(to: &<Self as Unbounded>::Sender, value: u64);
    fn take(
        from: &mut <Self as Unbounded>::Receiver,
    ) -> impl Future<Output = Option<u64>>;
}

impl Unbounded for Ours {
    type Sender = unbounded::Sender<u64>;
    type Receiver = unbounded::Receiver<u64>;

    fn unbounded() -> (unbounded::Sender<u64>, unbounded::Receiver<u64>) {
        unbounded::channel()
    }
    fn put(to: &unbounded::Sender<u64>, value: u64) {
        to.send(value).expect("the receiver is there");
    }
    async fn take(from: &mut unbounded::Receiver<u64>) -> Option<u64> {
        from.recv().await
    }
}

impl Unbounded for Tokio {
    type Sender = tokio::sync::mpsc::UnboundedSender<u64>;
    type Receiver = tokio::sync::mpsc::UnboundedReceiver<u64>;

    fn unbounded()
    -> (<Self as Unbounded>::Sender, <Self as Unbounded>::Receiver) {
        tokio::sync::mpsc::unbounded_channel()
    }
    fn put(to: &<Self as Unbounded>::Sender, value: u64) {
        to.send(value).expect("the receiver is there");
    }
    async fn take(from: &mut <Self as Unbounded>::Receiver) -> Option<u64> {
        from.recv().await
    }
}

impl Unbounded for Futures {
    type Sender = futures::channel::mpsc::UnboundedSender<u64>;
    type Receiver = futures::channel::mpsc::UnboundedReceiver<u64>;

    fn unbounded()
    -> (<Self as Unbounded>::Sender, <Self as Unbounded>::Receiver) {
        futures::channel::mpsc::unbounded()
    }
    fn put(to: &<Self as Unbounded>::Sender, value: u64) {
        to.unbounded_send(value).expect("the receiver is there");
    }
    async fn take(from: &mut <Self as Unbounded>::Receiver) -> Option<u64> {
        from.next().await
    }
}

impl Unbounded for Smol {
    type Sender = async_channel::Sender<u64>;
    type Receiver = async_channel::Receiver<u64>;

    fn unbounded()
    -> (<Self as Unbounded>::Sender, <Self as Unbounded>::Receiver) {
        async_channel::unbounded()
    }
    fn put(to: &<Self as Unbounded>::Sender, value: u64) {
        to.try_send(value).expect("the receiver is there");
    }
    async fn take(from: &mut <Self as Unbounded>::Receiver) -> Option<u64> {
        from.recv().await.ok()
    }
}

impl Unbounded for Flume {
    type Sender = flume::Sender<u64>;
    type Receiver = flume::Receiver<u64>;

    fn unbounded()
    -> (<Self as Unbounded>::Sender, <Self as Unbounded>::Receiver) {
        flume::unbounded()
    }
    fn put(to: &<Self as Unbounded>::Sender, value: u64) {
        to.send(value).expect("the receiver is there");
    }
    async fn take(from: &mut <Self as Unbounded>::Receiver) -> Option<u64> {
        from.recv_async().await.ok()
    }
}

/// A channel whose value is there when it is asked for. Operation: a channel.
fn value_first<C: Channels>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    for i in 0..operations {
        let (sender, receiver) = C::oneshot();
        C::answer(sender, black_box(i));
        black_box(ready(pin!(C::receive(receiver)), cx));
    }
}

/// A channel whose receiver waits. Operation: a channel.
fn waiter_first<C: Channels>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    for i in 0..operations {
        let (sender, receiver) = C::oneshot();
        let mut received = pin!(C::receive(receiver));
        waits(received.as_mut(), cx);
        C::answer(sender, black_box(i));
        black_box(ready(received, cx));
    }
}

/// A hundred values go in, then they come out. Operation: a value.
fn burst<C: Unbounded>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let (sender, mut receiver) = C::unbounded();
    for _ in 0..operations / BURST {
        for i in 0..BURST as u64 {
            C::put(&sender, black_box(i));
        }
        for _ in 0..BURST {
            black_box(ready(pin!(C::take(&mut receiver)), cx));
        }
    }
}

/// The same in a channel that holds no more. Operation: a value.
fn bounded_burst<C: Channels>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let (mut sender, mut receiver) = C::channel(BURST);
    for _ in 0..operations / BURST {
        for i in 0..BURST as u64 {
            ready(pin!(C::send(&mut sender, black_box(i))), cx);
        }
        for _ in 0..BURST {
            black_box(ready(pin!(C::next(&mut receiver)), cx));
        }
    }
}

/// The receiver waits for each value. Operation: a value.
fn receiver_waits<C: Channels>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let (mut sender, mut receiver) = C::channel(BURST);
    for i in 0..operations as u64 {
        let mut next = pin!(C::next(&mut receiver));
        waits(next.as_mut(), cx);
        ready(pin!(C::send(&mut sender, black_box(i))), cx);
        black_box(ready(next, cx));
    }
}

/// The channel is full, and the sender waits each time. Operation: a value.
fn sender_waits<C: Channels>(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let (mut sender, mut receiver) = C::channel(1);
    for i in 0..operations as u64 {
        let mut sending = pin!(C::send(&mut sender, black_box(i)));
        // The first is not full yet.
        if sending.as_mut().poll(cx).is_pending() {
            black_box(ready(pin!(C::next(&mut receiver)), cx));
            ready(sending, cx);
        }
    }
}

/// One waits to be told, and is. Operation: a notice.
fn ours_told(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let notify = Notify::default();
    for _ in 0..operations {
        let mut notified = pin!(notify.notified());
        waits(notified.as_mut(), cx);
        notify.notify_one();
        ready(notified, cx);
    }
}

/// The same with Tokio's.
fn tokio_told(operations: usize) {
    let waker = quiet();
    let cx = &mut Context::from_waker(&waker);
    let notify = tokio::sync::Notify::new();
    for _ in 0..operations {
        let mut notified = pin!(notify.notified());
        waits(notified.as_mut(), cx);
        notify.notify_one();
        ready(notified, cx);
    }
}

/// The table of the chapter on oneshots.
pub const ONESHOT: Table = Table {
    name: "oneshot",
    columns: &["tokio", "ours", "futures", "smol", "flume"],
    workloads: &[
        workload("value-first", "the value comes first", 50_000, 1.00),
        workload("waiter-first", "the receiver waits", 50_000, 1.00),
    ],
    crates: &["tokio", "futures", "async-channel", "flume"],
    find: |workload, library| match library {
        "ours" => one::<Ours>(workload),
        "tokio" => one::<Tokio>(workload),
        "futures" => one::<Futures>(workload),
        "smol" => one::<Smol>(workload),
        "flume" => one::<Flume>(workload),
        _ => None,
    },
};

/// The table of the chapter on channels.
pub const CHANNEL: Table = Table {
    name: "channel",
    columns: &["tokio", "ours", "futures", "smol", "flume"],
    workloads: &[
        workload("burst", "no limit, 100 at a time", 100_000, 0.42),
        workload("bounded-burst", "room for 100, all used", 100_000, 0.42),
        workload("receiver-waits", "the receiver waits", 50_000, 1.00),
        workload("sender-waits", "the sender waits", 50_000, 1.00),
        workload("told", "a notify, one waits", 50_000, 1.00),
    ],
    crates: &["tokio", "futures", "async-channel", "flume"],
    find: |workload, library| match (library, workload) {
        ("ours", "told") => Some(Box::new(ours_told)),
        ("tokio", "told") => Some(Box::new(tokio_told)),
        ("ours", _) => many::<Ours>(workload),
        ("tokio", _) => many::<Tokio>(workload),
        ("futures", _) => many::<Futures>(workload),
        ("smol", _) => many::<Smol>(workload),
        ("flume", _) => many::<Flume>(workload),
        _ => None,
    },
};

fn one<C: Channels>(workload: &str) -> Option<Run> {
    match workload {
        "value-first" => Some(Box::new(value_first::<C>)),
        "waiter-first" => Some(Box::new(waiter_first::<C>)),
        _ => None,
    }
}

fn many<C: Unbounded>(workload: &str) -> Option<Run> {
    match workload {
        "burst" => Some(Box::new(burst::<C>)),
        "bounded-burst" => Some(Box::new(bounded_burst::<C>)),
        "receiver-waits" => Some(Box::new(receiver_waits::<C>)),
        "sender-waits" => Some(Box::new(sender_waits::<C>)),
        _ => None,
    }
}
