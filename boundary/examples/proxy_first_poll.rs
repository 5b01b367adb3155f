//! wgpu's two requests, each polled once by a waker that wakes nobody.

use std::error::Error;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Polls `future` once.
fn once<F: Future>(name: &str, future: F) -> Result<F::Output, String> {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(value) => {
            println!("{name}: ready on the first poll");
            Ok(value)
        }
        Poll::Pending => Err(format!("{name}: pending")),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let instance = wgpu::Instance::default();
    let request = instance.request_adapter(&Default::default());
    let adapter = once("request_adapter", request)?
        .map_err(|why| format!("no adapter: {why}"))?;
    let request = adapter.request_device(&Default::default());
    once("request_device", request)??;
    Ok(())
}
