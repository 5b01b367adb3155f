//! From a window to a GPU that draws on it, on the desktop and in a browser.

use std::sync::Arc;
use std::{error, fmt};

use wgpu::{
    CurrentSurfaceTexture, Device, DeviceDescriptor, InstanceDescriptor,
    Limits, Queue, RenderPipeline, RequestAdapterOptions, Surface,
    TextureFormat, util,
};
use winit::window::Window;

use super::counted::counted;
use super::platform::say;
use crate::frame::triangle;

/// A GPU with the surface that it draws on.
#[derive(Debug)]
pub struct Gpu {
    surface: Surface<'static>,
    device: Device,
    queue: Queue,
    format: TextureFormat,
    pipeline: RenderPipeline,
}

// ANCHOR: setup
/// Opens a GPU that can draw on `window`.
///
/// # Errors
/// The first [`SetupError`] on the way.
pub async fn setup(window: Arc<Window>) -> Result<Gpu, SetupError> {
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
    // ANCHOR_END: setup

    let capabilities = surface.get_capabilities(&adapter);
    // WebGPU's canvas has no sRGB format. Without sRGB everywhere, the
    // picture is the same everywhere.
    let formats = capabilities.formats;
    let format = formats.iter().find(|format| !format.is_srgb());
    let format = format.or(formats.first()).copied();
    let format = format.ok_or(SetupError::Unsupported)?;
    let pipeline = triangle::pipeline(&device, format, triangle::SHADER);
    Ok(Gpu { surface, device, queue, format, pipeline })
}

impl Gpu {
    /// Prepares the surface for frames of this size. A canvas that has no
    /// size yet, and a minimized window, have no frames.
    pub fn configure(&self, width: u32, height: u32) {
        if width == 0 || height == 0 {
            return;
        }
        let configuration = wgpu::SurfaceConfiguration {
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            format: self.format,
            width,
            height,
            present_mode: wgpu::PresentMode::AutoVsync,
            desired_maximum_frame_latency: 2,
            alpha_mode: wgpu::CompositeAlphaMode::Auto,
            color_space: Default::default(),
            view_formats: Vec::new(),
        };
        self.surface.configure(&self.device, &configuration);
    }

    /// Gives each corner the color of its neighbor, `turn` times.
    pub fn turn(&mut self, turn: u32) {
        let colors = format!("colors[(i + {turn}u) % 3u]");
        let source = triangle::SHADER.replace("colors[i]", &colors);
        self.pipeline = triangle::pipeline(&self.device, self.format, &source);
    }

    /// Draws the triangle. Returns whether the surface had a texture for it;
    /// the chapter before has an answer for each reason.
    pub fn draw(&self) -> bool {
        use CurrentSurfaceTexture::{Suboptimal, Success};
        let texture = self.surface.get_current_texture();
        let (Success(frame) | Suboptimal(frame)) = texture else {
            return false;
        };
        let target = frame.texture.create_view(&Default::default());
        let commands = triangle::draw(&self.device, &self.pipeline, &target);
        self.queue.submit([commands.finish()]);
        self.queue.present(frame);
        true
    }
}

/// Why nothing can be drawn.
#[derive(Debug)]
pub enum SetupError {
    /// There is no window, or no canvas.
    Window(winit::error::OsError),
    /// Nothing can draw on this window.
    Surface(wgpu::CreateSurfaceError),
    /// No adapter can draw on the surface.
    Adapter(wgpu::RequestAdapterError),
    /// The adapter did not open.
    Device(wgpu::RequestDeviceError),
    /// The adapter has no format for the surface.
    Unsupported,
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetupError::Window(why) => write!(f, "no window: {why}"),
            SetupError::Surface(why) => write!(f, "no surface: {why}"),
            SetupError::Adapter(why) => write!(f, "no adapter: {why}"),
            SetupError::Device(why) => write!(f, "no device: {why}"),
            SetupError::Unsupported => {
                f.write_str("the adapter cannot draw on this window")
            }
        }
    }
}

impl error::Error for SetupError {}

impl From<wgpu::CreateSurfaceError> for SetupError {
    fn from(why: wgpu::CreateSurfaceError) -> Self {
        SetupError::Surface(why)
    }
}

impl From<wgpu::RequestAdapterError> for SetupError {
    fn from(why: wgpu::RequestAdapterError) -> Self {
        SetupError::Adapter(why)
    }
}

impl From<wgpu::RequestDeviceError> for SetupError {
    fn from(why: wgpu::RequestDeviceError) -> Self {
        SetupError::Device(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_changes_the_shader_in_one_place() {
        assert_eq!(triangle::SHADER.matches("colors[i]").count(), 1);
    }
}
