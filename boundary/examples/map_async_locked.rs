//! A map future that unmaps in its destructor: under its own lock, and without
//! a lock.

use std::time::Duration;

use boundary::map_async::{locked, mapping};
use listings::proof::watchdog;
use wgpu::{Buffer, BufferUsages, Device, Queue};

const LIMIT: Duration = Duration::from_secs(1);

/// A buffer of a device that computes nothing, on any machine.
fn buffer() -> (Queue, Buffer) {
    let (device, queue) = Device::noop(&Default::default());
    let buffer = device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: 16,
        usage: BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    (queue, buffer)
}

// ANCHOR: main
fn main() {
    let (_first_queue, first) = buffer();
    let under_the_lock = move || drop(locked::map(&first));
    println!("under the lock: {:?}", watchdog(LIMIT, under_the_lock));
    let (_second_queue, second) = buffer();
    let without_a_lock = move || drop(mapping::map(&second));
    let enough = 30 * LIMIT;
    println!("without a lock: {:?}", watchdog(enough, without_a_lock));
}
// ANCHOR_END: main
