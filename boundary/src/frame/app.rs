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

use super::setup::{Gpu, SetupError, setup};
use super::surface::{self, Next};
use crate::proxy::screen::quietly;

// ANCHOR: app
/// What comes through the proxy: the GPU, or why there is none, or why it is
/// lost.
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
#[derive(Debug)]
pub struct View {
    pub window: Arc<Window>,
    /// `None` while the application is suspended.
    pub surface: Option<Arc<Surface<'static>>>,
    pub size: (u32, u32),
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

    /// The surface that frames are shown on. It changes when it is lost, and
    /// is gone while the application is suspended.
    pub fn surface(&self) -> Option<&Arc<Surface<'static>>> {
        self.view.as_ref().and_then(|view| view.surface.as_ref())
    }

    /// Whether setup has come back with a GPU.
    pub fn is_ready(&self) -> bool {
        self.gpu.is_some()
    }

    /// What ended the loop, unless the user did.
    pub fn into_failure(self) -> Option<SetupError> {
        self.failure
    }

    // ANCHOR: start
    /// Sets setup going on the runtime. The proxy brings what became of it.
    fn start(&self, source: Source, surface: Option<Arc<Surface<'static>>>) {
        let Some(runtime) = &self.runtime else { return };
        let (instance, proxy) = (self.instance.clone(), self.proxy.clone());
        let task = runtime
            .spawn(async move { setup(&instance, surface, source).await });
        runtime.spawn(async move {
            let done = match task.await {
                Ok(done) => done,
                Err(panic) => Err(SetupError::Panicked(panic)),
            };
            if let Ok(gpu) = &done {
                let proxy = proxy.clone();
                gpu.when_lost(move |why| {
                    let _ = proxy.send_event(Err(why));
                });
            }
            // An error says that the loop has ended: nobody waits any more.
            let _ = proxy.send_event(done);
        });
    }
    // ANCHOR_END: start

    // ANCHOR: first
    fn first_resumed(
        &mut self,
        event_loop: &ActiveEventLoop,
    ) -> Result<(), SetupError> {
        let view = View::open(event_loop, &self.instance)?;
        if let Some(source) = self.source.take() {
            self.start(source, view.surface.clone());
        }
        self.view = Some(view);
        Ok(())
    }
    // ANCHOR_END: first

    // ANCHOR: resumed
    /// Makes the surface anew that `suspended` dropped, if it did.
    fn resumed_again(&mut self) -> Result<(), SetupError> {
        let Some(view) = &mut self.view else { return Ok(()) };
        if view.surface.is_some() {
            return Ok(());
        }
        view.renew_surface(&self.instance)?;
        match &self.gpu {
            Some(gpu) => view.configure_and_redraw(gpu),
            None => Ok(()),
        }
    }
    // ANCHOR_END: resumed

    fn resize(&mut self, size: (u32, u32)) -> Result<(), SetupError> {
        let Some(view) = &mut self.view else { return Ok(()) };
        // Setup may still be on its way: the size waits for it.
        view.size = size;
        match &self.gpu {
            Some(gpu) => view.configure_and_redraw(gpu),
            None => Ok(()),
        }
    }

    fn ask_for_redraw(&self) {
        if let Some(view) = &self.view {
            view.window.request_redraw();
        }
    }

    // ANCHOR: redraw
    fn redraw(&mut self) -> Result<(), SetupError> {
        match self.view.as_ref().and_then(View::texture) {
            Some(texture) => self.show(texture),
            None => Ok(()),
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
        let next = surface::show(gpu, texture, |target| gpu.draw(target));
        if next.is_shown() {
            self.shown += 1;
        }
        view.mend(next, &self.instance, gpu)
    }
    // ANCHOR_END: redraw
}

impl View {
    // ANCHOR: open
    /// Opens a window with a surface.
    ///
    /// # Errors
    /// When the system gives no window, or no driver makes a surface of it.
    pub fn open(
        event_loop: &ActiveEventLoop,
        instance: &Instance,
    ) -> Result<View, SetupError> {
        let attributes = Window::default_attributes()
            .with_title("From Poll to Pixel")
            .with_inner_size(winit::dpi::PhysicalSize::new(480, 320));
        let window = event_loop
            .create_window(attributes)
            .map_err(|why| SetupError::Window(why.into()))?;
        // winit panics when the window is gone already.
        let size = quietly(|| window.inner_size().into())
            .map_err(|_| SetupError::Window("it was closed at once".into()))?;
        let mut view = View { window: Arc::new(window), surface: None, size };
        view.renew_surface(instance)?;
        Ok(view)
    }
    // ANCHOR_END: open

    // ANCHOR: renew
    /// Makes a surface for the window. An old one is dropped first.
    ///
    /// # Errors
    /// When no driver makes one.
    pub fn renew_surface(&mut self, on: &Instance) -> Result<(), SetupError> {
        self.surface = None;
        let surface = on.create_surface(self.window.clone())?;
        self.surface = Some(Arc::new(surface));
        Ok(())
    }
    // ANCHOR_END: renew

    /// What the surface gives, once it may be asked: before it is configured,
    /// wgpu panics.
    pub fn texture(&self) -> Option<CurrentSurfaceTexture> {
        let surface = self.surface.as_deref();
        let surface = surface.filter(|it| it.get_configuration().is_some())?;
        Some(surface.get_current_texture())
    }

    // ANCHOR: mend
    /// Does what is next after a frame, or after there was none.
    ///
    /// # Errors
    /// When the window can no longer be drawn on.
    pub fn mend(
        &mut self,
        next: Next,
        instance: &Instance,
        gpu: &Gpu,
    ) -> Result<(), SetupError> {
        match next {
            // A window that is hidden says so when it is seen again.
            Next::Shown | Next::Hide => {}
            Next::ShownStale => self.configure(gpu)?,
            Next::Redraw => self.window.request_redraw(),
            Next::Configure => self.configure_and_redraw(gpu)?,
            Next::Recreate => {
                self.renew_surface(instance)?;
                self.configure_and_redraw(gpu)?;
            }
        }
        Ok(())
    }
    // ANCHOR_END: mend

    /// Fits the surface to its window, if there is one.
    ///
    /// # Errors
    /// When the device is lost, or the window is gone.
    pub fn configure(&self, gpu: &Gpu) -> Result<(), SetupError> {
        match &self.surface {
            Some(surface) => surface::configure(surface, gpu, self.size),
            None => Ok(()),
        }
    }

    /// Fits the surface to its window, and asks for a frame.
    ///
    /// # Errors
    /// When the device is lost, or the window is gone.
    pub fn configure_and_redraw(&self, gpu: &Gpu) -> Result<(), SetupError> {
        self.configure(gpu)?;
        self.window.request_redraw();
        Ok(())
    }
}

// ANCHOR: handler
impl ApplicationHandler<Done> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        let result = match self.view {
            None => self.first_resumed(event_loop),
            Some(_) => self.resumed_again(),
        };
        if let Err(why) = result {
            self.fail(event_loop, why);
        }
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
        let Some(view) = &self.view else { return };
        match done.and_then(|gpu| view.configure(&gpu).map(|()| gpu)) {
            Ok(gpu) => {
                self.gpu = Some(gpu);
                view.window.request_redraw();
            }
            Err(why) => self.fail(event_loop, why),
        }
    }
    // ANCHOR_END: handler

    // ANCHOR: suspended
    fn suspended(&mut self, _: &ActiveEventLoop) {
        if let Some(view) = &mut self.view {
            view.surface = None;
        }
    }
    // ANCHOR_END: suspended

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
            WindowEvent::Occluded(false) => {
                self.ask_for_redraw();
                Ok(())
            }
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
        // Dropping the runtime waits for a call of setup that still runs.
        // After that only `self` owns the window, so the window closes here,
        // while the loop still lives.
        self.runtime = None;
        self.gpu = None;
        self.view = None;
    }
    // ANCHOR_END: window
}

impl App {
    fn fail(&mut self, event_loop: &ActiveEventLoop, why: SetupError) {
        // What comes after the first error follows from it.
        self.failure.get_or_insert(why);
        event_loop.exit();
    }
}
