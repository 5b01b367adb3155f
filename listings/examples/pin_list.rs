//! Futures of three types in one list, and none of them in a box.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use listings::futures::poll::countdown::countdown;
use listings::futures::poll::map::map;
use listings::pinning::pin::page::page;

fn main() {
    let futures: [Pin<&mut dyn Future<Output = &'static str>>; 3] = [
        pin!(page(false)),
        pin!(countdown(1)),
        pin!(map(countdown(0), |_| "mapped")),
    ];
    let mut list = Vec::from(futures);
    let mut cx = Context::from_waker(Waker::noop());
    for round in 1.. {
        println!("round {round}");
        list.retain_mut(|future| match future.as_mut().poll(&mut cx) {
            Poll::Ready(value) => {
                println!("  {value}");
                false
            }
            Poll::Pending => true,
        });
        if list.is_empty() {
            break;
        }
    }
}
