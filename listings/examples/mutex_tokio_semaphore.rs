//! Tokio's semaphore.

use std::sync::Arc;

use listings::futures::combinators::once::poll_now;
use tokio::sync::Semaphore;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let semaphore = Arc::new(Semaphore::new(2));

    let one = semaphore.acquire().await.expect("it is open");
    let other = semaphore.clone().acquire_owned().await.expect("it is open");
    println!("left: {}", semaphore.available_permits());
    println!("a third: {:?}", semaphore.try_acquire().err());

    // A permit is a number. It need not come back, and more can be made.
    drop(one);
    other.forget();
    println!("left: {}", semaphore.available_permits());
    semaphore.add_permits(2);

    // Several at once, and nobody goes before one who waits for many.
    let one = semaphore.acquire().await.expect("it is open");
    let mut many = Box::pin(semaphore.acquire_many(3));
    println!("three of two: {:?}", poll_now(&mut many).is_some());
    println!("one of two: {:?}", poll_now(semaphore.acquire()).is_some());
    drop(one);
    println!("three of three: {:?}", poll_now(&mut many).is_some());

    semaphore.close();
    println!("closed: {:?}", semaphore.acquire().await.err());
}
