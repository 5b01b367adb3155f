//! wgpu's two requests without a window, each poll of them said.

use boundary::web::counted::counted;
use boundary::web::platform::{say, spawn, start};

fn main() {
    start();
    spawn(async {
        let instance = wgpu::Instance::default();
        let request = instance.request_adapter(&Default::default());
        let adapter = match counted("request_adapter", request).await {
            Ok(adapter) => adapter,
            Err(why) => return say(format!("no adapter: {why}")),
        };
        let request = adapter.request_device(&Default::default());
        match counted("request_device", request).await {
            Ok(_) => say("the device is open"),
            Err(why) => say(format!("no device: {why}")),
        }
    });
    say("main returns");
}
