//! Exercise to wakers/mutex.html: make a future `Send`.

use std::sync::Mutex;

// ANCHOR: stub
/// Asks the bank for the amount, adds it to the balance, and returns the new
/// balance. A runtime with several threads cannot take this future, because
/// it is not `Send`. Repair it, with the mutex of std.
pub async fn deposit<B: AsyncFn() -> u32>(
    balance: &Mutex<u32>,
    bank: B,
) -> u32 {
    let mut balance = balance.lock().expect("nobody panics");
    let amount = bank().await;
    *balance += amount;
    *balance
}

// Let the compiler say why: take the slashes away.
// fn asks_for_send(balance: &Mutex<u32>) -> impl Future + Send {
//     deposit(balance, async || 5)
// }
// ANCHOR_END: stub
