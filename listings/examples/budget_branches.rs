//! Two branches of one task: one is always ready, and the other has its
//! value from the start. When is the other seen?

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::oneshot;
use tokio::task::coop::unconstrained;
use tokio::task::{JoinError, yield_now};
use tokio::time::{Sleep, sleep};

// ANCHOR: branches
static TAKEN: AtomicU32 = AtomicU32::new(0);

/// Takes 10,000 messages. The next message is always there.
async fn busy() {
    let (sender, mut receiver) = unbounded_channel();
    for n in 0..10_000 {
        sender.send(n).expect("it is open");
        receiver.recv().await;
        TAKEN.fetch_add(1, Relaxed);
    }
}

/// Receives a value that is there, and returns how many messages had been
/// taken.
async fn other() -> u32 {
    let (sender, receiver) = oneshot::channel();
    sender.send(()).expect("it is open");
    receiver.await.expect("it was sent");
    TAKEN.load(Relaxed)
}
// ANCHOR_END: branches

/// A timer whose time is over, and which nobody has seen yet.
async fn run_out() -> Pin<Box<Sleep>> {
    let mut timer = Box::pin(sleep(Duration::from_millis(1)));
    let _ = (&mut timer).now_or_never(); // Starts it.
    sleep(Duration::from_millis(10)).await;
    timer
}

/// The next line begins with a new budget.
async fn say(what: &str, after: u32) {
    println!("{what}: after {after} of 10000");
    yield_now().await;
    TAKEN.store(0, Relaxed);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), JoinError> {
    // ANCHOR: join
    say("futures::join!", futures::join!(busy(), other()).1).await;
    say("tokio::join!", tokio::join!(busy(), other()).1).await;
    let (_, after) = tokio::join!(biased; busy(), other());
    say("tokio::join! biased", after).await;
    let both = (tokio::spawn(busy()), tokio::spawn(other()));
    both.0.await?;
    say("two tasks", both.1.await?).await;
    let timer = run_out().await;
    let seen = async {
        timer.await;
        TAKEN.load(Relaxed)
    };
    say("futures::join!, a timer", futures::join!(busy(), seen).1).await;
    let free = unconstrained(other());
    say("futures::join!, unconstrained", futures::join!(busy(), free).1).await;
    // ANCHOR_END: join
    // ANCHOR: select
    let (sender, mut receiver) = unbounded_channel();
    let mut wanted = pin!(other());
    let after = loop {
        sender.send(()).expect("it is open");
        tokio::select! {
            biased;
            _ = receiver.recv(), if TAKEN.load(Relaxed) < 10_000 => {
                TAKEN.fetch_add(1, Relaxed);
            }
            after = &mut wanted => break after,
        }
    };
    say("select! biased, in a loop", after).await;
    // ANCHOR_END: select
    let mut wanted = pin!(other());
    let after = loop {
        sender.send(()).expect("it is open");
        tokio::select! {
            _ = receiver.recv(), if TAKEN.load(Relaxed) < 10_000 => {
                TAKEN.fetch_add(1, Relaxed);
            }
            after = &mut wanted => break after,
        }
    };
    println!("select!, in a loop: before the end: {}", after < 10_000);
    Ok(())
}
