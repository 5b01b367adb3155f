use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::yield_now;

async fn deposit(balance: Arc<Mutex<u32>>) {
    let mut guard = balance.lock().unwrap_or_else(PoisonError::into_inner);
    *guard += 5;
    drop(guard);
    yield_now().await;
}

pub fn start(balance: Arc<Mutex<u32>>) {
    drop(tokio::spawn(deposit(balance)));
}

fn main() {}
