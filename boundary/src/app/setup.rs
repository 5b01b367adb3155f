//! The GPU, opened for a window, and what it tells of later.

use std::sync::Arc;

use wgpu::{Instance, RequestAdapterOptions, Surface};

use super::failure::Failure;
use super::shader::SHOW;
use super::state::State;
use super::tasks::{Message, Outbox};
use crate::frame::setup::{Gpu, SetupError, format_of};

/// Opens the GPU that draws on `surface`, or into textures when there is no
/// surface, and compiles for it
/// the shader that makes pictures and the one that shows them.
///
/// # Errors
/// The first [`SetupError`] on the way.
pub async fn open(
    instance: Instance,
    surface: Option<Arc<Surface<'static>>>,
    shader: String,
) -> Result<State, SetupError> {
    let options = RequestAdapterOptions {
        compatible_surface: surface.as_deref(),
        ..Default::default()
    };
    let adapter = instance.request_adapter(&options).await?;
    // Not sRGB, so that a color of the palette is stored as it is.
    let format =
        format_of(surface.as_deref(), &adapter, |format| !format.is_srgb())?;
    // The loop may have to close the surface while setup waits.
    drop(surface);
    let (device, queue) = adapter.request_device(&Default::default()).await?;
    let gpu = Gpu::new(adapter, device, queue, format, SHOW).await?;
    State::new(gpu, &shader).await
}

// ANCHOR: lost
/// Makes messages of what goes wrong later with the GPU of this `number`.
/// Without the second call, an error that nothing catches would be a panic.
pub fn tell_of_errors(gpu: &Gpu, number: u64, outbox: Outbox) {
    let lost = outbox.clone();
    gpu.when_lost(move |_| lost.send(Message::Lost));
    gpu.device.on_uncaptured_error(Arc::new(move |why| {
        outbox.send(Message::Failed(Failure::Gpu(number, why.into())));
    }));
}
// ANCHOR_END: lost
