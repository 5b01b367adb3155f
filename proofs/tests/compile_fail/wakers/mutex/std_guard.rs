use std::sync::Mutex;

use listings::wakers::block_on::job::ask;

async fn deposit(balance: &Mutex<u32>) {
    let mut balance = balance.lock().expect("nobody panics");
    *balance += ask(|| 5).await;
}

fn run_on_any_thread(_future: impl Future + Send) {}

pub fn start(balance: &Mutex<u32>) {
    run_on_any_thread(deposit(balance));
}

fn main() {}
