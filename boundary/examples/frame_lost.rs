//! A device is lost: a check says so at once, and the device calls back when
//! somebody polls it.

use std::error::Error;
use std::future::ready;

use boundary::frame::setup::setup;
use boundary::frame::triangle::SHADER;
use wgpu::PollType;

fn main() -> Result<(), Box<dyn Error>> {
    let instance = wgpu::Instance::default();
    let source = ready(Ok(SHADER.to_string()));
    let gpu = pollster::block_on(setup(&instance, None, source))?;
    gpu.when_lost(|why| println!("called back: {why}"));
    println!("before: {:?}", gpu.check());
    gpu.device.destroy();
    println!("destroyed");
    println!("after: {:?}", gpu.check());
    gpu.device.poll(PollType::wait_indefinitely())?;
    println!("polled: {:?}", gpu.check());
    Ok(())
}
