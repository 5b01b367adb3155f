//! The GPU, opened for a window, and what it tells of later.

use std::sync::{Arc, OnceLock};

use wgpu::{
    Adapter, Instance, PollType, RequestAdapterOptions, Surface, TextureFormat,
};

use super::failure::Failure;
use super::shader::Shaders;
use super::state::State;
use super::tasks::{Message, Outbox};
use crate::frame::setup::SetupError;

/// An open GPU.
#[derive(Debug)]
pub struct Gpu {
    pub adapter: Adapter,
    pub format: TextureFormat,
    pub state: Arc<State>,
    lost: Arc<OnceLock<String>>,
}

/// Opens the GPU that draws on `surface` and compiles the shaders for it.
///
/// # Errors
/// The first error on the way.
pub async fn open(
    instance: Instance,
    surface: Option<Arc<Surface<'static>>>,
    shaders: Shaders,
    outbox: Outbox,
) -> Result<Message, Failure> {
    let options = RequestAdapterOptions {
        compatible_surface: surface.as_deref(),
        ..Default::default()
    };
    let adapter = instance.request_adapter(&options).await?;
    let format = format_of(surface.as_deref(), &adapter)?;
    // The loop may have to close the surface while setup waits.
    drop(surface);
    let (device, queue) = adapter.request_device(&Default::default()).await?;
    let lost = tell_of_errors(&device, outbox);
    let state = State::new(device, queue, format, &shaders).await;
    let state = Arc::new(state.map_err(SetupError::Shader)?);
    Ok(Message::Opened(Gpu { adapter, format, state, lost }))
}

// ANCHOR: lost
/// Makes messages of what goes wrong later. Without the second call, an error
/// that nothing catches would be a panic.
fn tell_of_errors(
    device: &wgpu::Device,
    outbox: Outbox,
) -> Arc<OnceLock<String>> {
    let lost = Arc::new(OnceLock::new());
    let (found, lost_outbox) = (lost.clone(), outbox.clone());
    device.set_device_lost_callback(move |reason, message| {
        let why = format!("{reason:?} {message}").trim_end().to_string();
        let _ = found.set(why);
        lost_outbox.send(Message::Lost);
    });
    device.on_uncaptured_error(Arc::new(move |why| {
        outbox.send(Message::Failed(Failure::Gpu(why)));
    }));
    lost
}

impl Gpu {
    /// # Errors
    /// [`SetupError::DeviceLost`], once the device is lost.
    pub fn check(&self) -> Result<(), SetupError> {
        // A device that was destroyed calls back when it is polled.
        let _ = self.state.device.poll(PollType::wait_indefinitely());
        match self.lost.get() {
            Some(why) => Err(SetupError::DeviceLost(why.clone())),
            None => Ok(()),
        }
    }
}
// ANCHOR_END: lost

/// A format that stores a color of the palette as it is.
fn format_of(
    surface: Option<&Surface<'static>>,
    adapter: &Adapter,
) -> Result<TextureFormat, SetupError> {
    use TextureFormat::{Bgra8Unorm, Rgba8Unorm};
    let Some(surface) = surface else { return Ok(Rgba8Unorm) };
    let formats = surface.get_capabilities(adapter).formats;
    let plain = formats.iter().find(|f| [Bgra8Unorm, Rgba8Unorm].contains(f));
    plain.or(formats.first()).copied().ok_or(SetupError::Unsupported)
}
