//! A future that was not `Send`, repaired.

use std::sync::Mutex;

/// Asks the bank for the amount, adds it to the balance, and returns the new
/// balance.
pub async fn deposit<B: AsyncFn() -> u32>(
    balance: &Mutex<u32>,
    bank: B,
) -> u32 {
    // The guard lives between two awaits, and across none.
    let amount = bank().await;
    let mut balance = balance.lock().expect("nobody panics");
    *balance += amount;
    *balance
}
