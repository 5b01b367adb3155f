//! Two async functions with the same lines in another order.

use listings::futures::poll::countdown::countdown;

/// Counts the lines of a page.
fn lines(page: [u8; 1024]) -> usize {
    page.iter().filter(|byte| **byte == b'\n').count()
}

async fn count_first() -> usize {
    let page = [b'\n'; 1024];
    let lines = lines(page);
    countdown(1).await;
    lines
}

async fn wait_first() -> usize {
    let page = [b'\n'; 1024];
    countdown(1).await;
    lines(page)
}

fn main() {
    println!("count_first: {} bytes", size_of_val(&count_first()));
    println!("wait_first: {} bytes", size_of_val(&wait_first()));
}
