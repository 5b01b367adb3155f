//! Two tasks that sleep: with the thread's sleep, and with the runtime's.

use std::thread;
use std::time::Duration;

use tokio::time::sleep;

async fn blocks(name: &str, time: Duration) {
    println!("  {name} falls asleep");
    thread::sleep(time);
    println!("  {name} wakes up");
}

async fn waits(name: &str, time: Duration) {
    println!("  {name} falls asleep");
    sleep(time).await;
    println!("  {name} wakes up");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), tokio::task::JoinError> {
    let (short, long) = (Duration::from_millis(10), Duration::from_millis(50));

    println!("std::thread::sleep:");
    let long_one = tokio::spawn(blocks("the long one", long));
    let short_one = tokio::spawn(blocks("the short one", short));
    long_one.await?;
    short_one.await?;

    println!("tokio::time::sleep:");
    let long_one = tokio::spawn(waits("the long one", long));
    let short_one = tokio::spawn(waits("the short one", short));
    long_one.await?;
    short_one.await?;
    Ok(())
}
