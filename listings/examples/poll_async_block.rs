//! Polls an async block by hand: no runtime and no `.await` around it.

use std::pin::pin;
use std::task::{Context, Waker};

fn main() {
    let future = async {
        println!("  the body starts");
        futures::pending!();
        println!("  the body goes on");
        7
    };
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    println!("the future exists");
    for n in 1..=2 {
        println!("poll {n}");
        let answer = future.as_mut().poll(&mut cx);
        println!("  {answer:?}");
    }
}
