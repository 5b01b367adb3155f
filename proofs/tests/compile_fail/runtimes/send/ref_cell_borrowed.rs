use std::cell::RefCell;

use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::send::spawn::spawn;

async fn count_up(count: &RefCell<u32>) {
    yield_now().await;
    *count.borrow_mut() += 1;
}

async fn owner() {
    let count = RefCell::new(0);
    count_up(&count).await;
}

pub fn start() {
    drop(spawn(owner()));
}

fn main() {}
