//! One frame on a surface, and what to do when the surface gives none.

use wgpu::{CommandEncoder, CurrentSurfaceTexture, Surface, Texture};

use super::setup::{Gpu, SetupError};

// ANCHOR: frame
/// What follows an attempt to show a frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// The frame is on its way to the screen.
    Shown,
    /// The frame is on its way, but the surface no longer fits its window.
    ShownStale,
    /// No texture came in time: ask for the next redraw.
    Redraw,
    /// The window cannot be seen: draw again when it can.
    Hide,
    /// The surface does not fit its window, wgpu has reported an error, or the
    /// device is lost.
    Configure,
    /// The surface is lost: create another one for the same window.
    Recreate,
}

impl Next {
    /// Whether there was a frame.
    pub fn is_shown(&self) -> bool {
        matches!(self, Next::Shown | Next::ShownStale)
    }
}

/// Shows what `draw` draws on `texture`, if the surface gave one.
pub fn show(
    gpu: &Gpu,
    texture: CurrentSurfaceTexture,
    draw: impl FnOnce(&Texture) -> CommandEncoder,
) -> Next {
    use CurrentSurfaceTexture as Given;
    let (frame, next) = match texture {
        Given::Success(frame) => (frame, Next::Shown),
        Given::Suboptimal(frame) => (frame, Next::ShownStale),
        Given::Timeout => return Next::Redraw,
        Given::Occluded => return Next::Hide,
        Given::Outdated | Given::Validation => return Next::Configure,
        Given::Lost => return Next::Recreate,
    };
    gpu.queue.submit([draw(&frame.texture).finish()]);
    gpu.queue.present(frame);
    next
}
// ANCHOR_END: frame

// ANCHOR: configure
/// Prepares `surface` for frames of `width` by `height` pixels. A minimized
/// window has none; then the surface is left as it is.
///
/// # Errors
/// [`SetupError::DeviceLost`] when the device is lost, and
/// [`SetupError::Unsupported`] when the adapter cannot draw on the surface,
/// which is so with Vulkan after its window has been destroyed.
pub fn configure(
    surface: &Surface<'static>,
    gpu: &Gpu,
    (width, height): (u32, u32),
) -> Result<(), SetupError> {
    gpu.check()?;
    if width == 0 || height == 0 {
        return Ok(());
    }
    let most = gpu.device.limits().max_texture_dimension_2d;
    let mut config = surface
        .get_default_config(&gpu.adapter, width.min(most), height.min(most))
        .ok_or(SetupError::Unsupported)?;
    config.format = gpu.format;
    config.present_mode = wgpu::PresentMode::AutoVsync;
    surface.configure(&gpu.device, &config);
    Ok(())
}
// ANCHOR_END: configure

#[cfg(test)]
mod tests {
    use std::future::ready;

    use listings::proof::skip;

    use super::super::setup::setup;
    use super::super::triangle::SHADER;
    use super::*;

    #[test]
    fn each_missing_texture_has_its_remedy() {
        let instance = wgpu::Instance::default();
        let source = ready(Ok(SHADER.to_string()));
        let gpu = match pollster::block_on(setup(&instance, None, source)) {
            Ok(gpu) => gpu,
            Err(why) => return skip(why),
        };
        let next = |texture| {
            show(&gpu, texture, |_| panic!("there is nothing to draw on"))
        };
        assert_eq!(next(CurrentSurfaceTexture::Timeout), Next::Redraw);
        assert_eq!(next(CurrentSurfaceTexture::Occluded), Next::Hide);
        assert_eq!(next(CurrentSurfaceTexture::Outdated), Next::Configure);
        assert_eq!(next(CurrentSurfaceTexture::Validation), Next::Configure);
        assert_eq!(next(CurrentSurfaceTexture::Lost), Next::Recreate);
    }
}
