//! What differs between two futures in a join and two tasks.

use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;

/// Says when it is dropped.
struct Work(&'static str);

impl Drop for Work {
    fn drop(&mut self) {
        println!("  {} is dropped", self.0);
    }
}

// ANCHOR: branches
async fn goes_on(name: &'static str) -> &'static str {
    let _work = Work(name);
    yield_now().await;
    println!("  {name} goes on");
    name
}

async fn panics() {
    std::panic::resume_unwind(Box::new("on purpose"));
}
// ANCHOR_END: branches

// ANCHOR: main
#[tokio::main(flavor = "current_thread")]
async fn main() {
    // The branches of a join may borrow, and need not be `Send`.
    let text = Rc::new(String::from("a local"));
    let length = async { text.len() };
    println!("{:?}", tokio::join!(length, async { Rc::strong_count(&text) }));

    println!("a join, and one branch panics:");
    let both = async { tokio::join!(goes_on("the other"), panics()) };
    let end = std::panic::AssertUnwindSafe(both).catch_unwind().await;
    println!("  the join panics: {}", end.is_err());

    println!("two tasks, and one panics:");
    let (other, bad) =
        (tokio::spawn(goes_on("the other")), tokio::spawn(panics()));
    let is_panic = bad.await.is_err_and(|why| why.is_panic());
    println!("  its handle says so: {is_panic}");
    println!("  the handle of the other: {:?}", other.await);

    println!("as many tasks as there are numbers:");
    let mut tasks = JoinSet::new();
    for number in 1..=3 {
        tasks.spawn(async move {
            sleep(Duration::from_millis(10 * number)).await;
            number
        });
    }
    while let Some(number) = tasks.join_next().await {
        println!("  {number:?}");
    }
}
// ANCHOR_END: main
