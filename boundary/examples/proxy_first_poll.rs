//! wgpu's two requests, each polled once by a waker that wakes nobody.

use std::error::Error;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use boundary::proxy::setup::SetupError;

/// Makes a future, polls it once, and adds up what each of the two took.
fn once<T, F: Future<Output = T>>(
    name: &str,
    spent: &mut [Duration; 2],
    make: impl FnOnce() -> F,
) -> Option<T> {
    let start = Instant::now();
    let mut future = pin!(make());
    let made = Instant::now();
    let poll = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    spent[0] += made - start;
    spent[1] += made.elapsed();
    let Poll::Ready(value) = poll else {
        println!("{name}: pending");
        return None;
    };
    println!("{name}: ready on the first poll");
    Some(value)
}

fn main() -> Result<(), Box<dyn Error>> {
    let instance = wgpu::Instance::default();
    let mut spent = [Duration::ZERO; 2];
    let adapter = once("request_adapter", &mut spent, || {
        instance.request_adapter(&Default::default())
    });
    let adapter = adapter
        .ok_or("the adapter is not there yet")?
        .map_err(SetupError::Adapter)?;
    let device = once("request_device", &mut spent, || {
        adapter.request_device(&Default::default())
    });
    device.ok_or("the device is not there yet")??;
    let [calls, polls] = spent;
    println!("calls longer than polls: {}", calls > polls);
    Ok(())
}
