//! The GPU has long been done, and the callback of `map_async` does not come.

use std::error::Error;
use std::time::Duration;

use boundary::map_async::squares::{SHADER, Squares, numbers, open};
use listings::proof::watchdog;
use pollster::block_on;
use wgpu::{MapMode, PollType};

// ANCHOR: main
fn main() -> Result<(), Box<dyn Error>> {
    let (device, queue) = block_on(open())?;
    let gpu = block_on(Squares::new(&device, &queue, SHADER))?;

    let (buffer, _) = gpu.submit(&[1, 2, 3, 4]);
    let (sender, mapped) = tokio::sync::oneshot::channel();
    buffer.map_async(MapMode::Read, .., move |result| {
        println!("the callback runs");
        let _ = sender.send(result);
    });
    let waits = move || block_on(mapped);
    let answer = watchdog(Duration::from_secs(1), waits);
    println!("waited for the callback: {answer:?}");

    println!("poll the device");
    device.poll(PollType::wait_indefinitely())?;
    println!("{:?}", numbers(&buffer.get_mapped_range(..)?));
    Ok(())
}
// ANCHOR_END: main
