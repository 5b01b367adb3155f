//! A window with a triangle, drawn by wgpu.

use std::error::Error;
use std::future::ready;

use boundary::frame::app::App;
use boundary::frame::triangle;
use boundary::proxy::screen;

fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = screen::event_loop()?;
    let source = ready(Ok(triangle::SHADER.to_string()));
    let instance = wgpu::Instance::default();
    let mut app = App::new(event_loop.create_proxy(), instance, source)?;
    event_loop.run_app(&mut app)?;
    match app.into_failure() {
        Some(why) => Err(why.into()),
        None => Ok(()),
    }
}
