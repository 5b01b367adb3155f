//! From a window to a GPU that draws on it, on the desktop and in a browser.

use std::sync::Arc;

use wgpu::{
    DeviceDescriptor, InstanceDescriptor, Limits, RequestAdapterOptions,
    Surface, util,
};
use winit::window::Window;

use super::counted::counted;
use super::platform::say;
use crate::frame::setup::{Gpu, SetupError, format_of};
use crate::frame::surface::{self, Next};
use crate::frame::triangle::{self, SHADER};

/// A GPU with the surface that it draws on.
#[derive(Debug)]
pub struct Painter {
    surface: Surface<'static>,
    gpu: Gpu,
}

// ANCHOR: setup
/// Opens a GPU that can draw on `window`.
///
/// # Errors
/// The first [`SetupError`] on the way.
pub async fn setup(window: Arc<Window>) -> Result<Painter, SetupError> {
    let wanted = InstanceDescriptor::new_without_display_handle();
    let detected = util::new_instance_with_webgpu_detection(wanted);
    let instance = counted("instance", detected).await;
    let surface = instance.create_surface(window)?;

    let options = RequestAdapterOptions {
        compatible_surface: Some(&surface),
        ..Default::default()
    };
    let request = instance.request_adapter(&options);
    let adapter = counted("request_adapter", request).await?;
    say(format!("the adapter's backend: {:?}", adapter.get_info().backend));

    // What every browser has, except that a texture may be as large as here.
    let limits =
        Limits::downlevel_webgl2_defaults().using_resolution(adapter.limits());
    let options =
        DeviceDescriptor { required_limits: limits, ..Default::default() };
    let request = adapter.request_device(&options);
    let (device, queue) = counted("request_device", request).await?;

    let format = format_of(Some(&surface), &adapter)?;
    let gpu = Gpu::new(adapter, device, queue, format, SHADER).await?;
    Ok(Painter { surface, gpu })
}
// ANCHOR_END: setup

impl Painter {
    /// Prepares the surface for frames of this size.
    ///
    /// # Errors
    /// When the device is lost, or the window is gone.
    pub fn configure(&self, size: (u32, u32)) -> Result<(), SetupError> {
        surface::configure(&self.surface, &self.gpu, size)
    }

    /// Gives each corner the color of its neighbor, `turn` times.
    pub fn turn(&mut self, turn: u32) {
        let colors = format!("colors[(i + {turn}u) % 3u]");
        let source = SHADER.replace("colors[i]", &colors);
        let Gpu { device, format, .. } = &self.gpu;
        self.gpu.pipeline = triangle::pipeline(device, *format, &source);
    }

    /// Draws the triangle, if the surface has a texture for it.
    pub fn draw(&self) -> Next {
        // A canvas may tell its size after the GPU has come. Until then the
        // surface is not configured, and wgpu would panic.
        if self.surface.get_configuration().is_none() {
            return Next::Hide;
        }
        let texture = self.surface.get_current_texture();
        surface::show(&self.gpu, texture, |target| self.gpu.draw(target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_changes_the_shader_in_one_place() {
        assert_eq!(SHADER.matches("colors[i]").count(), 1);
    }
}
