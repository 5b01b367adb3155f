//! Two ways to need no async mutex: a type that locks inside its methods, and
//! a task that owns the value.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

// ANCHOR: wrapper
/// Can be cloned into any task. No method is async, so no guard lives across
/// an `.await`.
#[derive(Clone, Default)]
struct Account(Arc<Mutex<u32>>);

impl Account {
    fn add(&self, amount: u32) -> u32 {
        let mut balance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *balance += amount;
        *balance
    }
}
// ANCHOR_END: wrapper

// ANCHOR: owner
/// Owns the balance, and takes orders one by one. It may await in between.
async fn owner(mut orders: mpsc::Receiver<(u32, oneshot::Sender<u32>)>) {
    let mut balance = 0;
    while let Some((amount, answer)) = orders.recv().await {
        tokio::task::yield_now().await;
        balance += amount;
        // The caller may have gone, which is no error.
        let _ = answer.send(balance);
    }
}

async fn deposit(
    account: &mpsc::Sender<(u32, oneshot::Sender<u32>)>,
    amount: u32,
) -> Option<u32> {
    let (answer, balance) = oneshot::channel();
    account.send((amount, answer)).await.ok()?;
    balance.await.ok()
}
// ANCHOR_END: owner

// ANCHOR: main
#[tokio::main]
async fn main() {
    let account = Account::default();
    let other = account.clone();
    let task = tokio::spawn(async move { other.add(5) });
    task.await.expect("it does not panic");
    println!("locked inside: {}", account.add(5));

    let (orders, received) = mpsc::channel(8);
    let owner = tokio::spawn(owner(received));
    let other = orders.clone();
    let task = tokio::spawn(async move { deposit(&other, 5).await });
    task.await.expect("it does not panic");
    println!("owned by a task: {:?}", deposit(&orders, 5).await);
    drop(orders);
    owner.await.expect("it ends when the last sender is gone");
}
// ANCHOR_END: main
