//! A fractal in a window that refines step by step. Click to go closer, and with
//! the other button to see the whole again.
//!
//! It takes up to two paths: of a palette, and of a shader.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use boundary::app::program::App;
use boundary::app::shader::REFINE;
use boundary::app::tasks::Tasks;
use boundary::proxy::screen;
use tokio::runtime::Builder;
use wgpu::Instance;

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
    let runtime =
        Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let handle = runtime.handle().clone();
    let tasks = Tasks::new(handle, event_loop.create_proxy());
    let mut app = App::new(tasks, Instance::default(), shader, palette);
    let ended = event_loop.run_app(&mut app);
    // A thread may still wait for the palette: to open a pipe can take for
    // ever.
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended?;
    match app.failure {
        Some(why) => Err(why.into()),
        None => Ok(()),
    }
}
