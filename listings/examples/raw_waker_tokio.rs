//! The waker of a Tokio task, seen from inside.

use std::future::poll_fn;
use std::ptr;
use std::task::{Poll, Waker};

use tokio::task::yield_now;

async fn its_waker() -> Waker {
    poll_fn(|cx| Poll::Ready(cx.waker().clone())).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task = async {
        let first = its_waker().await;
        yield_now().await;
        (first, its_waker().await)
    };
    let (first, second) = tokio::spawn(task).await.expect("it does not panic");
    println!("two polls, one place: {}", first.data() == second.data());
    println!("will_wake: {}", first.will_wake(&second));

    let other = tokio::spawn(its_waker()).await.expect("it does not panic");
    println!("another task, one place: {}", first.data() == other.data());
    let one = ptr::eq(first.vtable(), other.vtable());
    println!("another task, one table: {one}");
}
