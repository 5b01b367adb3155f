//! A transfer of money that is stopped in the middle.

use std::time::Duration;

use listings::cancellation::drop::bank::Bank;
use listings::cancellation::drop::half_done::transfer;
use tokio::time::{sleep, timeout};

// ANCHOR: program
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let bank = Bank::new();
    println!("before: {}", bank.balances());
    let approval = sleep(Duration::from_secs(5));
    let transfer = transfer(&bank, 40, approval);
    let outcome = timeout(Duration::from_secs(1), transfer).await;
    println!("the transfer: {outcome:?}");
    println!("after:  {}", bank.balances());
}
// ANCHOR_END: program
