//! A window whose setup runs on Tokio and comes back as a user event.

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};
use wgpu::{CurrentSurfaceTexture, Instance, Surface};
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::{Window, WindowId};

use super::frame::{self, Next};
use super::setup::{Gpu, SetupError, setup};

// ANCHOR: app
/// What comes back through the proxy.
pub type Done = Result<Gpu, SetupError>;

/// The text of the shader, once it has been loaded.
type Source = Pin<Box<dyn Future<Output = io::Result<String>> + Send>>;

/// A window with a triangle.
pub struct App {
    runtime: Option<Runtime>,
    proxy: EventLoopProxy<Done>,
    instance: Instance,
    source: Option<Source>,
    view: Option<View>,
    gpu: Option<Gpu>,
    failure: Option<SetupError>,
    shown: u64,
}

/// What only the thread of the loop may create.
struct View {
    window: Arc<Window>,
    surface: Arc<Surface<'static>>,
    size: (u32, u32),
}
// ANCHOR_END: app

impl App {
    // ANCHOR: new
    /// An application for the loop of `proxy`. It has no window yet.
    ///
    /// # Errors
    /// When the system gives the runtime no thread.
    pub fn new(
        proxy: EventLoopProxy<Done>,
        instance: Instance,
        source: impl Future<Output = io::Result<String>> + Send + 'static,
    ) -> io::Result<App> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        Ok(App {
            runtime: Some(runtime),
            proxy,
            instance,
            source: Some(Box::pin(source)),
            view: None,
            gpu: None,
            failure: None,
            shown: 0,
        })
    }
    // ANCHOR_END: new

    /// How many frames have been shown.
    pub fn shown(&self) -> u64 {
        self.shown
    }

    /// The window, once `resumed` has opened it.
    pub fn window(&self) -> Option<&Arc<Window>> {
        self.view.as_ref().map(|view| &view.window)
    }

    /// The surface that frames are shown on. It changes when it is lost.
    pub fn surface(&self) -> Option<&Arc<Surface<'static>>> {
        self.view.as_ref().map(|view| &view.surface)
    }

    /// Whether setup has come back with a GPU.
    pub fn is_ready(&self) -> bool {
        self.gpu.is_some()
    }

    /// Why the window stayed empty, if it did.
    pub fn into_failure(self) -> Option<SetupError> {
        self.failure
    }

    // ANCHOR: start
    fn open(&self, event_loop: &ActiveEventLoop) -> Result<View, SetupError> {
        let attributes = Window::default_attributes()
            .with_title("From Poll to Pixel")
            .with_inner_size(winit::dpi::PhysicalSize::new(480, 320));
        let window = event_loop
            .create_window(attributes)
            .map_err(|why| SetupError::Window(why.into()))?;
        let window = Arc::new(window);
        let surface = self.instance.create_surface(window.clone())?;
        let size = window.inner_size().into();
        Ok(View { window, surface: Arc::new(surface), size })
    }

    /// Sets setup going on the runtime. The proxy brings what became of it.
    fn start(&self, source: Source, surface: Arc<Surface<'static>>) {
        let Some(runtime) = &self.runtime else { return };
        let (instance, proxy) = (self.instance.clone(), self.proxy.clone());
        let task = runtime.spawn(async move {
            setup(&instance, Some(&surface), source).await
        });
        runtime.spawn(async move {
            let done = match task.await {
                Ok(done) => done,
                Err(panic) => Err(SetupError::Panicked(panic)),
            };
            // An error says that the loop has ended: nobody waits any more.
            let _ = proxy.send_event(done);
        });
    }
    // ANCHOR_END: start

    fn resize(&mut self, size: (u32, u32)) -> Result<(), SetupError> {
        let Some(view) = &mut self.view else { return Ok(()) };
        // Setup may still be on its way: the size waits for it.
        view.size = size;
        match &self.gpu {
            Some(gpu) => view.configure(gpu),
            None => Ok(()),
        }
    }

    // ANCHOR: redraw
    fn redraw(&mut self) -> Result<(), SetupError> {
        match &self.view {
            Some(view) if self.gpu.is_some() => {
                let texture = view.surface.get_current_texture();
                self.show(texture)
            }
            _ => Ok(()),
        }
    }

    /// Shows a frame on `texture`, or mends the surface that gave none.
    ///
    /// # Errors
    /// When the window can no longer be drawn on.
    pub fn show(
        &mut self,
        texture: CurrentSurfaceTexture,
    ) -> Result<(), SetupError> {
        let (Some(view), Some(gpu)) = (&mut self.view, &self.gpu) else {
            return Ok(());
        };
        match frame::show(gpu, texture) {
            Next::Shown => self.shown += 1,
            Next::Skip => {}
            Next::Configure => view.configure(gpu)?,
            Next::Recreate => {
                let window = view.window.clone();
                view.surface = Arc::new(self.instance.create_surface(window)?);
                view.configure(gpu)?;
            }
        }
        Ok(())
    }
    // ANCHOR_END: redraw
}

impl View {
    /// Fits the surface to its window, and asks for a frame.
    fn configure(&self, gpu: &Gpu) -> Result<(), SetupError> {
        frame::configure(&self.surface, gpu, self.size)?;
        self.window.request_redraw();
        Ok(())
    }
}

// ANCHOR: handler
impl ApplicationHandler<Done> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        // It may come again; the source is there only the first time.
        let Some(source) = self.source.take() else { return };
        match self.open(event_loop) {
            Ok(view) => {
                self.start(source, view.surface.clone());
                self.view = Some(view);
            }
            Err(why) => self.fail(event_loop, why),
        }
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
        let Some(view) = &self.view else { return };
        match done.and_then(|gpu| view.configure(&gpu).map(|()| gpu)) {
            Ok(gpu) => self.gpu = Some(gpu),
            Err(why) => self.fail(event_loop, why),
        }
    }
    // ANCHOR_END: handler

    // ANCHOR: window
    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        _: WindowId,
        event: WindowEvent,
    ) {
        let result = match event {
            WindowEvent::Resized(size) => self.resize(size.into()),
            WindowEvent::RedrawRequested => self.redraw(),
            WindowEvent::CloseRequested | WindowEvent::Destroyed => {
                event_loop.exit();
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(why) = result {
            self.fail(event_loop, why);
        }
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        // Waits for the call in which a task may be; then nothing but `self`
        // owns the window, and it closes here, while the loop still lives.
        self.runtime = None;
        self.gpu = None;
        self.view = None;
    }
    // ANCHOR_END: window
}

impl App {
    fn fail(&mut self, event_loop: &ActiveEventLoop, why: SetupError) {
        self.failure = Some(why);
        event_loop.exit();
    }
}
