//! A GPU that another thread opens and hands back.

use std::thread;

use boundary::web::platform::say;

async fn open() -> Option<(wgpu::Device, wgpu::Queue)> {
    let instance = wgpu::Instance::default();
    let adapter = instance.request_adapter(&Default::default()).await.ok()?;
    adapter.request_device(&Default::default()).await.ok()
}

fn main() {
    let worker = thread::spawn(|| pollster::block_on(open()));
    match worker.join() {
        Ok(Some(_)) => say("the worker has opened a device"),
        Ok(None) => say("no adapter"),
        Err(_) => say("the worker panicked"),
    }
}
