//! Futures of different types in a `Vec` that grows while they are polled.

use std::pin::Pin;
use std::task::{Context, Waker};

use futures::future::join_all;
use listings::futures::poll::countdown::countdown;
use listings::pinning::self_reference::place::place_of;

type Job = Pin<Box<dyn Future<Output = &'static str>>>;

async fn download() -> &'static str {
    countdown(3).await;
    "the file"
}

fn main() {
    let mut jobs: Vec<Job> = Vec::with_capacity(1);
    jobs.push(Box::pin(download()));
    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", jobs[0].as_mut().poll(&mut cx));
    let (pin, future) = (place_of(&jobs[0]), jobs[0].as_ref().get_ref());
    let future = std::ptr::from_ref(future).addr();

    let room = jobs.capacity();
    jobs.push(Box::pin(countdown(1)));
    // A plain box can be pinned too: `into_pin` allocates nothing.
    let plain: Box<dyn Future<Output = &'static str>> = Box::new(download());
    jobs.push(Box::into_pin(plain));
    println!("the Vec grew: {}", jobs.capacity() > room);
    let now = std::ptr::from_ref(jobs[0].as_ref().get_ref()).addr();
    println!("the pin moved: {}", place_of(&jobs[0]) != pin);
    println!("the future moved: {}", now != future);

    println!("{:?}", pollster::block_on(join_all(jobs)));
}
