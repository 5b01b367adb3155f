//! Three downloads: awaited in a loop, then spawned before the first await.

use std::time::Duration;

use tokio::time::sleep;

async fn download(number: u64) {
    println!("  {number} starts");
    sleep(Duration::from_millis(10 * number)).await;
    println!("  {number} ends");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("called and awaited in a loop:");
    for number in 1..=3 {
        download(number).await;
    }

    println!("spawned in one loop, awaited in another:");
    let tasks: Vec<_> =
        (1..=3).map(|number| tokio::spawn(download(number))).collect();
    for task in tasks {
        task.await.expect("the task does not panic");
    }
}
