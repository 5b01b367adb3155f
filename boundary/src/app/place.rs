//! The window and its surface: where frames are shown.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use wgpu::{Instance, PresentMode, Surface};
use winit::dpi::PhysicalSize;
use winit::event_loop::ActiveEventLoop;
use winit::window::Window;

use super::setup::Gpu;
use crate::frame::setup::SetupError;

/// What only the thread of the loop may create.
#[derive(Debug)]
pub struct Place {
    pub window: Arc<Window>,
    /// `None` while the application is suspended.
    pub surface: Option<Arc<Surface<'static>>>,
    pub size: (u32, u32),
    /// Whether the surface may be asked for a texture; else wgpu panics.
    configured: bool,
}

impl Place {
    /// Opens a window.
    ///
    /// # Errors
    /// When the system gives no window, or no driver makes a surface of it.
    pub fn open(
        event_loop: &ActiveEventLoop,
        instance: &Instance,
    ) -> Result<Place, SetupError> {
        let attributes = Window::default_attributes()
            .with_title("From Poll to Pixel")
            .with_inner_size(PhysicalSize::new(480, 320));
        let window = event_loop
            .create_window(attributes)
            .map_err(|why| SetupError::Window(why.into()))?;
        let size = size_of(&window)?;
        let window = Arc::new(window);
        let (surface, configured) = (None, false);
        let mut place = Place { window, surface, size, configured };
        place.renew_surface(instance)?;
        Ok(place)
    }

    /// Makes a surface for the window. An old one is dropped first.
    ///
    /// # Errors
    /// When no driver makes one.
    pub fn renew_surface(&mut self, on: &Instance) -> Result<(), SetupError> {
        self.drop_surface();
        let surface = on.create_surface(self.window.clone())?;
        self.surface = Some(Arc::new(surface));
        Ok(())
    }

    pub fn drop_surface(&mut self) {
        self.surface = None;
        self.configured = false;
    }

    /// The surface, once it can be asked for a texture.
    pub fn configured(&self) -> Option<&Surface<'static>> {
        self.surface.as_deref().filter(|_| self.configured)
    }

    // ANCHOR: configure
    /// Fits the surface to its window. A minimized window has no pixels; then
    /// the surface is left as it is.
    ///
    /// # Errors
    /// When the device is lost, or the window is gone.
    pub fn configure(&mut self, gpu: &Gpu) -> Result<(), SetupError> {
        // wgpu waits until the GPU is idle, and fails when it is not: nobody
        // else may hand work to it meanwhile.
        let _turn = gpu.state.no_rounds();
        gpu.check()?;
        let (width, height) = self.size;
        let Some(surface) = &self.surface else { return Ok(()) };
        if width == 0 || height == 0 {
            return Ok(());
        }
        let most = gpu.state.device.limits().max_texture_dimension_2d;
        let mut config = surface
            .get_default_config(&gpu.adapter, width.min(most), height.min(most))
            .ok_or(SetupError::Unsupported)?;
        config.format = gpu.format;
        config.present_mode = PresentMode::AutoVsync;
        surface.configure(&gpu.state.device, &config);
        self.configured = true;
        Ok(())
    }
    // ANCHOR_END: configure
}

/// The size of `window`. winit panics when the window is gone already.
fn size_of(window: &Window) -> Result<(u32, u32), SetupError> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let size = panic::catch_unwind(AssertUnwindSafe(|| window.inner_size()));
    panic::set_hook(hook);
    size.map(Into::into)
        .map_err(|_| SetupError::Window("it was closed at once".into()))
}
