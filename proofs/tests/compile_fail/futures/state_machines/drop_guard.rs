use std::sync::{Mutex, PoisonError};

async fn ask_the_bank() {}

async fn deposit(balance: &Mutex<u32>) {
    let mut guard = balance.lock().unwrap_or_else(PoisonError::into_inner);
    *guard += 10; // borrows the guard
    drop(guard);
    ask_the_bank().await;
}

fn needs_send(_: impl Send) {}

fn main() {
    needs_send(deposit(&Mutex::new(0)));
}
