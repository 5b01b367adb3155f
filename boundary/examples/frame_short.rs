//! A triangle in a window, with winit and wgpu: a short program that works as
//! long as nothing goes wrong.

use std::error::Error;
use std::sync::Arc;

use boundary::frame::triangle::{self, SHADER};
use boundary::proxy::screen;
use wgpu::{
    CurrentSurfaceTexture, Device, Instance, Queue, RenderPipeline,
    RequestAdapterOptions, Surface, SurfaceConfiguration,
};
use winit::application::ApplicationHandler;
use winit::dpi::PhysicalSize;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::window::{Window, WindowId};

/// A window, and all that draws on it.
struct Painter {
    window: Arc<Window>,
    surface: Surface<'static>,
    config: SurfaceConfiguration,
    device: Device,
    queue: Queue,
    pipeline: RenderPipeline,
}

impl Painter {
    async fn new(window: Window) -> Result<Painter, Box<dyn Error>> {
        let window = Arc::new(window);
        let instance = Instance::default();
        let surface = instance.create_surface(window.clone())?;
        let options = RequestAdapterOptions {
            compatible_surface: Some(&surface),
            ..Default::default()
        };
        let adapter = instance.request_adapter(&options).await?;
        let (device, queue) =
            adapter.request_device(&Default::default()).await?;
        let (width, height) = window.inner_size().into();
        let mut config = surface
            .get_default_config(&adapter, width, height)
            .ok_or("the adapter cannot draw on this window")?;
        let formats = surface.get_capabilities(&adapter).formats;
        if let Some(format) = formats.into_iter().find(|it| !it.is_srgb()) {
            // A color is stored as the shader gives it.
            config.format = format;
        }
        surface.configure(&device, &config);
        let pipeline = triangle::pipeline(&device, config.format, SHADER);
        Ok(Painter { window, surface, config, device, queue, pipeline })
    }

    // ANCHOR: draw
    fn draw(&self) {
        let texture = self.surface.get_current_texture();
        let CurrentSurfaceTexture::Success(frame) = texture else { return };
        let commands =
            triangle::draw(&self.device, &self.pipeline, &frame.texture);
        self.queue.submit([commands.finish()]);
        self.queue.present(frame);
    }

    fn resize(&mut self, (width, height): (u32, u32)) {
        // A minimized window has no pixels; a surface must have some.
        (self.config.width, self.config.height) = (width.max(1), height.max(1));
        self.surface.configure(&self.device, &self.config);
        self.window.request_redraw();
    }
    // ANCHOR_END: draw
}

#[derive(Default)]
struct App {
    painter: Option<Painter>,
    failure: Option<Box<dyn Error>>,
}

// ANCHOR: handler
impl App {
    fn open(
        &mut self,
        event_loop: &ActiveEventLoop,
    ) -> Result<(), Box<dyn Error>> {
        let attributes = Window::default_attributes()
            .with_title("From Poll to Pixel")
            .with_inner_size(PhysicalSize::new(480, 320));
        let window = event_loop.create_window(attributes)?;
        // Until the GPU is open, the window handles nothing.
        self.painter = Some(pollster::block_on(Painter::new(window))?);
        Ok(())
    }
}

impl ApplicationHandler for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if let Err(why) = self.open(event_loop) {
            self.failure = Some(why);
            event_loop.exit();
        }
    }

    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        _: WindowId,
        event: WindowEvent,
    ) {
        let Some(painter) = &mut self.painter else { return };
        match event {
            WindowEvent::RedrawRequested => painter.draw(),
            WindowEvent::Resized(size) => painter.resize(size.into()),
            WindowEvent::CloseRequested => event_loop.exit(),
            _ => {}
        }
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        // The window closes while the loop still lives.
        self.painter = None;
    }
}
// ANCHOR_END: handler

fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = screen::event_loop::<()>()?;
    let mut app = App::default();
    event_loop.run_app(&mut app)?;
    match app.failure {
        Some(why) => Err(why),
        None => Ok(()),
    }
}
