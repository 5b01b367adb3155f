//! A pool of two connections and a semaphore of two permits.

use std::cell::RefCell;

use futures::join;
use listings::futures::poll::countdown::countdown;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::mutex::pool::{Pool, Semaphore};

// ANCHOR: program
fn main() {
    let pool = Pool::new(["connection 1", "connection 2"]);
    let query = async |name, polls| {
        let connection = pool.take().await;
        println!("{name} has {}", *connection);
        countdown(polls).await;
    };
    block_on(async { join!(query("A", 1), query("B", 2), query("C", 1)) });

    let semaphore = Semaphore::with_permits(2);
    let inside = RefCell::new(vec![]);
    let visit = async |name, polls| {
        let _permit = semaphore.take().await;
        inside.borrow_mut().push(name);
        println!("inside: {:?}", inside.borrow());
        countdown(polls).await;
        inside.borrow_mut().retain(|who| *who != name);
    };
    block_on(async { join!(visit("A", 1), visit("B", 2), visit("C", 1)) });
}
// ANCHOR_END: program
