//! A call, which runs nothing, and four ways to run a future.

use std::pin::pin;
use std::task::{Context, Waker};

async fn work(who: &str) {
    println!("{who} runs it");
}

fn main() {
    let _nobody = work("a call");

    futures::executor::block_on(work("block_on"));
    futures::executor::block_on(async {
        work(".await").await;
    });

    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without drivers always starts");
    runtime.block_on(async {
        let task = tokio::spawn(work("spawn"));
        task.await.expect("the task does not panic");
    });

    let mut cx = Context::from_waker(Waker::noop());
    let answer = pin!(work("poll")).poll(&mut cx);
    assert!(answer.is_ready());
}
