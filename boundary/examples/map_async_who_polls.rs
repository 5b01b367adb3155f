//! Four who can poll a device, and the thread on which the callback runs.

use std::error::Error;
use std::thread;

use boundary::map_async::poller::Poller;
use boundary::map_async::squares::{SHADER, Squares, numbers, open};
use listings::wakers::block_on::flag::block_on;
use tokio::sync::oneshot;
use wgpu::{Buffer, MapMode, PollType};

// ANCHOR: asked
/// Asks for `buffer`. The channel gives the name of the callback's thread.
fn asked(buffer: &Buffer) -> oneshot::Receiver<String> {
    let (sender, mapped) = oneshot::channel();
    buffer.map_async(MapMode::Read, .., move |result| {
        let thread = thread::current();
        let name = thread.name().unwrap_or("a thread without a name");
        let _ = sender.send(match result {
            Ok(()) => format!("the callback ran on \"{name}\""),
            Err(why) => why.to_string(),
        });
    });
    mapped
}
// ANCHOR_END: asked

// ANCHOR: main
fn main() -> Result<(), Box<dyn Error>> {
    let (device, queue) = block_on(open())?;
    let gpu = block_on(Squares::new(&device, &queue, SHADER))?;
    let poller = Poller::new(device.clone())?;

    let (buffer, index) = gpu.submit(&[1, 2, 3]);
    let mapped = asked(&buffer);
    let submission_index = Some(index);
    device.poll(PollType::Wait { submission_index, timeout: None })?;
    println!("we wait: {}", block_on(mapped)?);

    let (buffer, index) = gpu.submit(&[1, 2, 3]);
    let mapped = asked(&buffer);
    poller.watch(index);
    println!("a poller: {}", block_on(mapped)?);

    let (buffer, _) = gpu.submit(&[1, 2, 3]);
    let mut mapped = asked(&buffer);
    while mapped.is_empty() {
        // Here a program draws a frame.
        device.poll(PollType::Poll)?;
    }
    println!("once a frame: {}", mapped.try_recv()?);

    let (buffer, _) = gpu.submit(&[1, 2, 3]);
    let mut mapped = asked(&buffer);
    while mapped.is_empty() {
        queue.submit([]);
    }
    println!("the next submit: {}", mapped.try_recv()?);
    println!("{:?}", numbers(&buffer.get_mapped_range(..)?));
    Ok(())
}
// ANCHOR_END: main
