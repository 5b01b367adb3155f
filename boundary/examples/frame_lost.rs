//! A device is lost: it calls back when somebody polls it, and from then on a
//! check says so.

use std::error::Error;
use std::future::ready;

use boundary::frame::setup::setup;
use boundary::frame::triangle::SHADER;

fn main() -> Result<(), Box<dyn Error>> {
    let instance = wgpu::Instance::default();
    let source = ready(Ok(SHADER.to_string()));
    let gpu = pollster::block_on(setup(&instance, None, source))?;
    gpu.when_lost(|why| println!("called back: {why}"));
    println!("before: {:?}", gpu.check());
    gpu.device.destroy();
    println!("destroyed");
    println!("after: {:?}", gpu.check());
    Ok(())
}
