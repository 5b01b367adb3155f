//! Joins, races and polls under the names that `futures` and Tokio give them.

use std::convert::Infallible;
use std::future::pending;

use futures::future::{join_all, select_all};
use listings::futures::poll::countdown::countdown;

async fn fails() -> Result<Infallible, &'static str> {
    countdown(1).await;
    Err("no answer")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("{:?}", futures::join!(countdown(1), async { 7 }));
    println!("{:?}", tokio::join!(countdown(1), async { 7 }));

    // One error is enough: the other, which is never ready, is dropped.
    let never = pending::<Result<Infallible, &str>>();
    println!("{:?}", tokio::try_join!(never, fails()));

    let many = (1..=4).map(countdown);
    println!("{:?}", join_all(many).await);
    let many = [5, 2, 9].map(countdown);
    let (value, index, rest) = select_all(many).await;
    println!("{value} from number {index}, {} left", rest.len());
}
