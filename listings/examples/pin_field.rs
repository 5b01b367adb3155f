//! Three futures that poll a field: in a box, in place, and one that may move.

use std::time::Duration;

use listings::pinning::pin::field::{Boxed, Joined, Projected};
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let hour = Duration::from_secs(60 * 60);
    println!("{}", Boxed { sleep: Box::pin(sleep(hour)), text: "boxed" }.await);
    println!("{}", Projected { sleep: sleep(hour), text: "projected" }.await);
    let task = tokio::spawn(sleep(hour));
    println!("{:?}", Joined { task, text: "joined" }.await);
}
