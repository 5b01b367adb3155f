//! Six things that a future which is not polled can keep.

use std::future::pending;
use std::pin::pin;

use listings::cancellation::futurelock::check::{
    Watch, run_and_check, wait_for,
};
use listings::futures::combinators::once::poll_once;
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::channel::bounded;
use listings::wakers::mutex::fair;
use listings::wakers::mutex::pool::Pool;
use tokio::sync::{Mutex, Semaphore, mpsc};

// ANCHOR: client
/// Keeps a future that waits, and waits for the same thing once more.
async fn client<F: Future>(on: &'static str, wait: impl Fn() -> F) {
    let mut first = pin!(wait_for(on, wait()));
    if poll_once(&mut first).await.is_pending() {
        wait_for(on, wait()).await;
    }
}

/// Runs the client beside a task that lets the thing go.
fn try_out<F: Future + 'static>(
    on: &'static str,
    wait: impl Fn() -> F + 'static,
    let_go: impl Future + 'static,
) {
    let (executor, watch) = (Executor::default(), Watch::default());
    let spawner = executor.spawner();
    drop(spawner.spawn(watch.task("client", client(on, wait))));
    drop(spawner.spawn(watch.task("holder", let_go)));
    for futurelock in run_and_check(&executor, &watch) {
        println!("{futurelock}");
    }
}

/// Holds `guard` for one turn.
async fn one_turn<G>(guard: G) {
    yield_now().await;
    drop(guard);
}
// ANCHOR_END: client

// ANCHOR: program
fn main() {
    let ours = leak(fair::Mutex::new(0));
    let guard = ours.try_lock().expect("it is free");
    try_out("our mutex", || ours.lock(), one_turn(guard));

    let tokios = leak(Mutex::new(0));
    let guard = tokios.try_lock().expect("it is free");
    try_out("Tokio's mutex", || tokios.lock(), one_turn(guard));

    let semaphore = leak(Semaphore::new(1));
    let permit = semaphore.try_acquire().expect("it is free");
    try_out("a permit", || semaphore.acquire(), one_turn(permit));

    let pool = leak(Pool::new(["connection"]));
    let loan = pool.try_take().expect("it is free");
    try_out("a connection of a pool", || pool.take(), one_turn(loan));

    let (sender, mut receiver) = bounded::channel(1);
    let sender = leak(sender);
    sender.try_send(1).expect("there is room");
    let receive = async move {
        receiver.recv().await;
        pending::<()>().await
    };
    try_out("a place in our channel", || sender.send(2), receive);

    let (sender, mut receiver) = mpsc::channel(1);
    let sender = leak(sender);
    sender.try_send(1).expect("there is room");
    let receive = async move {
        receiver.recv().await;
        pending::<()>().await
    };
    try_out("a place in Tokio's channel", || sender.send(2), receive);
}
// ANCHOR_END: program

/// Lives to the end of the program, so that futures may borrow it.
fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
