//! The same window on the beta of winit 0.31: its proxy carries nothing but a
//! wake, so the result travels in our channel.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use tokio::runtime::{Builder, Runtime};
use wgpu::{Instance, Surface};
use winit_031::application::ApplicationHandler;
use winit_031::dpi::PhysicalSize;
use winit_031::event::WindowEvent;
use winit_031::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit_031::window::{Window, WindowAttributes, WindowId};

use super::setup::{Gpu, SetupError, setup};
use super::surface::{self, Next};
use crate::proxy::channel::{Sender, channel};

/// What comes back through the channel.
pub type Done = Result<Gpu, SetupError>;

/// A window with a triangle.
pub struct App<S> {
    runtime: Option<Runtime>,
    sender: Sender<Done>,
    inbox: Receiver<Done>,
    instance: Instance,
    source: Option<S>,
    view: Option<View>,
    gpu: Option<Gpu>,
    failed: mpsc::Sender<SetupError>,
    shown: u64,
}

struct View {
    window: Arc<dyn Window>,
    /// `None` between `destroy_surfaces` and `can_create_surfaces`.
    surface: Option<Arc<Surface<'static>>>,
    size: (u32, u32),
}

impl<S> fmt::Debug for App<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("gpu", &self.gpu)
            .field("shown", &self.shown)
            .finish_non_exhaustive()
    }
}

// ANCHOR: inbox
/// The way back into the loop of `proxy`: each value is followed by a wake.
fn inbox(proxy: EventLoopProxy) -> (Sender<Done>, Receiver<Done>) {
    channel(move || proxy.wake_up())
}
// ANCHOR_END: inbox

impl<S> App<S>
where
    S: Future<Output = io::Result<String>> + Send + 'static,
{
    /// An application for the loop of `proxy`. `run_app` keeps it, so what
    /// goes wrong is sent to `failed`.
    ///
    /// # Errors
    /// When the system gives the runtime no thread.
    pub fn new(
        proxy: EventLoopProxy,
        instance: Instance,
        source: S,
        failed: mpsc::Sender<SetupError>,
    ) -> io::Result<Self> {
        let (sender, inbox) = inbox(proxy);
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        Ok(App {
            runtime: Some(runtime),
            sender,
            inbox,
            instance,
            source: Some(source),
            view: None,
            gpu: None,
            failed,
            shown: 0,
        })
    }

    /// How many frames have been shown.
    pub fn shown(&self) -> u64 {
        self.shown
    }

    /// The window, once `can_create_surfaces` has opened it.
    pub fn window(&self) -> Option<&Arc<dyn Window>> {
        self.view.as_ref().map(|view| &view.window)
    }

    fn open(
        &self,
        event_loop: &dyn ActiveEventLoop,
    ) -> Result<View, SetupError> {
        let attributes = WindowAttributes::default()
            .with_title("From Poll to Pixel")
            .with_surface_size(PhysicalSize::new(480, 320));
        let window: Arc<dyn Window> = event_loop
            .create_window(attributes)
            .map_err(|why| SetupError::Window(why.into()))?
            .into();
        let size = window.surface_size().into();
        let mut view = View { window, surface: None, size };
        view.renew_surface(&self.instance)?;
        Ok(view)
    }

    fn start(&self, source: S, surface: Option<Arc<Surface<'static>>>) {
        let Some(runtime) = &self.runtime else { return };
        let (instance, sender) = (self.instance.clone(), self.sender.clone());
        let task = runtime
            .spawn(async move { setup(&instance, surface, source).await });
        runtime.spawn(async move {
            let done = match task.await {
                Ok(done) => done,
                Err(panic) => Err(SetupError::Panicked(panic)),
            };
            if let Ok(gpu) = &done {
                let sender = sender.clone();
                gpu.when_lost(move |why| {
                    let _ = sender.send(Err(why));
                });
            }
            // An error says that the loop has ended: nobody waits any more.
            let _ = sender.send(done);
        });
    }

    fn first_surface(
        &mut self,
        event_loop: &dyn ActiveEventLoop,
    ) -> Result<(), SetupError> {
        let view = self.open(event_loop)?;
        if let Some(source) = self.source.take() {
            self.start(source, view.surface.clone());
        }
        self.view = Some(view);
        Ok(())
    }

    /// Makes the surface anew that `destroy_surfaces` dropped, if it did.
    fn next_surface(&mut self) -> Result<(), SetupError> {
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

    fn redraw(&mut self) -> Result<(), SetupError> {
        let (Some(view), Some(gpu)) = (&mut self.view, &self.gpu) else {
            return Ok(());
        };
        let Some(surface) = &view.surface else { return Ok(()) };
        // Before it is configured, as in a minimized window, wgpu panics.
        if surface.get_configuration().is_none() {
            return Ok(());
        }
        let texture = surface.get_current_texture();
        match surface::show(gpu, texture, |target| gpu.draw(target)) {
            Next::Shown => self.shown += 1,
            Next::ShownStale => {
                self.shown += 1;
                view.configure(gpu)?;
            }
            Next::Redraw => view.window.request_redraw(),
            Next::Hide => {}
            Next::Configure => view.configure_and_redraw(gpu)?,
            Next::Recreate => {
                view.renew_surface(&self.instance)?;
                view.configure_and_redraw(gpu)?;
            }
        }
        Ok(())
    }

    fn resize(&mut self, size: (u32, u32)) -> Result<(), SetupError> {
        let Some(view) = &mut self.view else { return Ok(()) };
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

    fn fail(&mut self, event_loop: &dyn ActiveEventLoop, why: SetupError) {
        // The receiver may be gone; the loop ends either way.
        let _ = self.failed.send(why);
        event_loop.exit();
    }
}

impl View {
    fn renew_surface(&mut self, on: &Instance) -> Result<(), SetupError> {
        self.surface = None;
        let surface = on.create_surface(self.window.clone())?;
        self.surface = Some(Arc::new(surface));
        Ok(())
    }

    fn configure(&self, gpu: &Gpu) -> Result<(), SetupError> {
        match &self.surface {
            Some(surface) => surface::configure(surface, gpu, self.size),
            None => Ok(()),
        }
    }

    fn configure_and_redraw(&self, gpu: &Gpu) -> Result<(), SetupError> {
        self.configure(gpu)?;
        self.window.request_redraw();
        Ok(())
    }
}

// ANCHOR: handler
impl<S> ApplicationHandler for App<S>
where
    S: Future<Output = io::Result<String>> + Send + 'static,
{
    fn can_create_surfaces(&mut self, event_loop: &dyn ActiveEventLoop) {
        let result = match self.view {
            None => self.first_surface(event_loop),
            Some(_) => self.next_surface(),
        };
        if let Err(why) = result {
            self.fail(event_loop, why);
        }
    }

    fn destroy_surfaces(&mut self, _: &dyn ActiveEventLoop) {
        if let Some(view) = &mut self.view {
            view.surface = None;
        }
    }

    fn proxy_wake_up(&mut self, event_loop: &dyn ActiveEventLoop) {
        // One call may stand for several wakes: take all there is.
        while let Ok(done) = self.inbox.try_recv() {
            let Some(view) = &self.view else { return };
            match done.and_then(|gpu| view.configure(&gpu).map(|()| gpu)) {
                Ok(gpu) => {
                    self.gpu = Some(gpu);
                    view.window.request_redraw();
                }
                Err(why) => self.fail(event_loop, why),
            }
        }
    }
    // ANCHOR_END: handler

    fn window_event(
        &mut self,
        event_loop: &dyn ActiveEventLoop,
        _: WindowId,
        event: WindowEvent,
    ) {
        let result = match event {
            WindowEvent::SurfaceResized(size) => self.resize(size.into()),
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
}

impl<S> Drop for App<S> {
    fn drop(&mut self) {
        // As in 0.30's `exiting`, which is gone: the runtime goes first.
        self.runtime = None;
        self.gpu = None;
        self.view = None;
    }
}
