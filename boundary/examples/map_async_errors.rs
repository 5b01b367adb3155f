//! What `map_async` says when it cannot map, and when it says it.

use std::error::Error;

use boundary::map_async::callback::map;
use listings::wakers::block_on::flag::block_on;
use wgpu::{Buffer, BufferUsages, Device, ErrorFilter, PollType};

fn buffer(device: &Device, usage: BufferUsages) -> Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: 16,
        usage,
        mapped_at_creation: false,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    // A device that computes nothing: it works on any machine.
    let (device, _queue) = Device::noop(&Default::default());
    // ANCHOR: main
    let readable = buffer(&device, BufferUsages::MAP_READ);
    let first = map(&readable);
    println!("mapped twice: {:?}", block_on(map(&readable)));
    device.poll(PollType::Poll)?;
    println!("the first request: {:?}", block_on(first));
    readable.unmap();

    let waits = map(&readable);
    readable.unmap();
    println!("unmapped meanwhile: {:?}", block_on(waits));

    drop(map(&readable));
    println!("after a future was dropped: {:?}", block_on(map(&readable)));

    let scope = device.push_error_scope(ErrorFilter::Validation);
    let storage = buffer(&device, BufferUsages::STORAGE);
    println!("without MAP_READ: {:?}", block_on(map(&storage)));
    let error = block_on(scope.pop());
    println!("and in the error scope: {}", error.is_some());

    let lost = buffer(&device, BufferUsages::MAP_READ);
    device.destroy();
    println!("the device is destroyed: {:?}", block_on(map(&lost)));
    // ANCHOR_END: main
    Ok(())
}
