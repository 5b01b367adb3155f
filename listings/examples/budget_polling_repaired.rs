//! A task waits for its child: with a loop that gives the thread back, and by
//! an `.await`.

use std::error::Error;
use std::time::Duration;

use futures::FutureExt;
use tokio::runtime::Builder;
use tokio::task::{JoinError, JoinSet, yield_now};
use tokio::time::{sleep, timeout};

async fn child() -> &'static str {
    "done"
}

// ANCHOR: repaired
/// Polls a handle, and does a `pause` after each poll.
async fn polls<F: Future>(
    pause: impl Fn() -> F,
) -> Result<&'static str, JoinError> {
    let mut task = tokio::spawn(child());
    loop {
        if let Some(end) = (&mut task).now_or_never() {
            return end;
        }
        pause().await;
    }
}

async fn program() {
    let short = || sleep(Duration::from_millis(1));
    println!("a loop with yield_now: {:?}", polls(yield_now).await);
    println!("a loop with sleep: {:?}", polls(short).await);

    println!("await: {:?}", tokio::spawn(child()).await);
    let limit = Duration::from_secs(60);
    println!("timeout: {:?}", timeout(limit, tokio::spawn(child())).await);
    tokio::select! {
        end = tokio::spawn(child()) => println!("select!: {end:?}"),
        () = sleep(limit) => println!("too late"),
    }
    let mut tasks = JoinSet::from_iter([child()]);
    println!("JoinSet: {:?}", tasks.join_next().await);
}
// ANCHOR_END: repaired

fn main() -> Result<(), Box<dyn Error>> {
    let runtime =
        Builder::new_multi_thread().worker_threads(4).enable_time().build()?;
    runtime.block_on(runtime.spawn(program()))?;
    Ok(())
}
