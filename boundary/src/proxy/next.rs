//! The same window on the beta of winit 0.31: its proxy carries nothing but a
//! wake, so the result travels in our channel.

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

use super::channel::{Sender, channel};
use super::frame::{self, Next};
use super::setup::{Gpu, SetupError, setup};

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
    surface: Arc<Surface<'static>>,
    size: (u32, u32),
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
        let surface = self.instance.create_surface(window.clone())?;
        let size = window.surface_size().into();
        Ok(View { window, surface: Arc::new(surface), size })
    }

    fn start(&self, source: S, surface: Arc<Surface<'static>>) {
        let Some(runtime) = &self.runtime else { return };
        let (instance, sender) = (self.instance.clone(), self.sender.clone());
        let task = runtime.spawn(async move {
            setup(&instance, Some(&surface), source).await
        });
        runtime.spawn(async move {
            let done = match task.await {
                Ok(done) => done,
                Err(panic) => Err(SetupError::Panicked(panic)),
            };
            // An error says that the loop has ended: nobody waits any more.
            let _ = sender.send(done);
        });
    }

    fn redraw(&mut self) -> Result<(), SetupError> {
        let (Some(view), Some(gpu)) = (&mut self.view, &self.gpu) else {
            return Ok(());
        };
        match frame::show(gpu, view.surface.get_current_texture()) {
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

    fn resize(&mut self, size: (u32, u32)) -> Result<(), SetupError> {
        let Some(view) = &mut self.view else { return Ok(()) };
        view.size = size;
        match &self.gpu {
            Some(gpu) => view.configure(gpu),
            None => Ok(()),
        }
    }

    fn fail(&mut self, event_loop: &dyn ActiveEventLoop, why: SetupError) {
        // Whoever waits for it may be gone; the loop ends either way.
        let _ = self.failed.send(why);
        event_loop.exit();
    }
}

impl View {
    fn configure(&self, gpu: &Gpu) -> Result<(), SetupError> {
        frame::configure(&self.surface, gpu, self.size)?;
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
        let Some(source) = self.source.take() else { return };
        match self.open(event_loop) {
            Ok(view) => {
                self.start(source, view.surface.clone());
                self.view = Some(view);
            }
            Err(why) => self.fail(event_loop, why),
        }
    }

    fn proxy_wake_up(&mut self, event_loop: &dyn ActiveEventLoop) {
        // One call may stand for several wakes: take all there is.
        while let Ok(done) = self.inbox.try_recv() {
            let Some(view) = &self.view else { return };
            match done.and_then(|gpu| view.configure(&gpu).map(|()| gpu)) {
                Ok(gpu) => self.gpu = Some(gpu),
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
