//! A fractal in a window that refines step by step. Click to go closer, and with
//! the other button to see the whole again.
//!
//! It takes up to two paths: of a palette, and of a shader.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use boundary::app::program::App;
use boundary::app::shader::REFINE;
use boundary::proxy::screen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = env::args_os().skip(1).map(PathBuf::from);
    let palette = paths.next().unwrap_or_else(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/app_palette.txt")
    });
    let shader = match paths.next() {
        Some(file) => fs::read_to_string(&file)
            .map_err(|why| format!("no shader: {}: {why}", file.display()))?,
        None => REFINE.to_string(),
    };
    let event_loop = screen::event_loop()?;
    let instance = wgpu::Instance::default();
    let proxy = event_loop.create_proxy();
    let mut app = App::new(proxy, instance, shader, palette)?;
    event_loop.run_app(&mut app)?;
    match app.failure {
        Some(why) => Err(why.into()),
        None => Ok(()),
    }
}
