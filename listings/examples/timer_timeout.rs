//! A timeout from a race and a sleep, and what the loser leaves behind.

use std::time::Duration;

use futures::channel::oneshot;
use futures::join;
use listings::futures::combinators::race::{Winner, race};
use listings::proof::watchdog;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::timer::sleeper::sleep;
use listings::wakers::timer::threads::waiting;

const SOON: Duration = Duration::from_millis(20);
const HOUR: Duration = Duration::from_secs(60 * 60);
const LIMIT: Duration = Duration::from_secs(30);

// ANCHOR: program
/// The value of `future`, or `None` if `time` is over first.
async fn timeout<F>(time: Duration, future: F) -> Option<F::Output>
where
    F: Future + Unpin,
{
    match race(future, sleep(time)).await {
        Winner::Left(value) => Some(value),
        Winner::Right(()) => None,
    }
}

async fn ask() {
    let (_sender, answer) = oneshot::channel::<&str>();
    println!("nobody answers: {:?}", timeout(SOON, answer).await);
    println!("threads that sleep on: {}", waiting());

    let (sender, answer) = oneshot::channel();
    let send = async { sender.send("yes") };
    let (answer, _) = join!(timeout(HOUR, answer), send);
    println!("somebody answers: {answer:?}");
    println!("threads that sleep on: {}", waiting());
}

fn main() {
    // `watchdog` gives up after half a minute.
    watchdog(LIMIT, || block_on(ask())).expect("no race takes an hour");
}
// ANCHOR_END: program
