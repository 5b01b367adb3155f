//! A triangle in a window or in a canvas. Until its GPU has come, the
//! application answers every event without it.

use std::sync::Arc;

use winit::application::ApplicationHandler;
use winit::event::{ElementState, WindowEvent};
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::{Window, WindowId};

use super::platform::{self, say};
use super::setup::{Painter, setup};
use crate::frame::setup::SetupError;
use crate::frame::surface::Next;

/// What comes through the proxy.
pub type Done = Result<Painter, SetupError>;

/// A window with a triangle.
#[derive(Debug)]
pub struct App {
    proxy: EventLoopProxy<Done>,
    window: Option<Arc<Window>>,
    painter: Option<Painter>,
    redraws: Redraws,
    turn: u32,
}

/// How often the loop asked for a frame.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Redraws {
    /// While there was no GPU.
    pub loading: u32,
    /// And the triangle was drawn.
    pub drawn: u32,
}

impl App {
    /// An application for the loop of `proxy`. It has no window yet.
    pub fn new(proxy: EventLoopProxy<Done>) -> App {
        App {
            proxy,
            window: None,
            painter: None,
            redraws: Redraws::default(),
            turn: 0,
        }
    }

    /// How often the loop asked for a frame.
    pub fn redraws(&self) -> Redraws {
        self.redraws
    }

    /// How many clicks have turned the colors.
    pub fn turns(&self) -> u32 {
        self.turn
    }

    // ANCHOR: redraw
    fn redraw(&mut self) {
        let Some(painter) = &self.painter else {
            self.redraws.loading += 1;
            if self.redraws.loading == 1 {
                say("redraw: the GPU is still loading");
            }
            return;
        };
        match painter.draw() {
            Next::Shown | Next::ShownStale => self.redraws.drawn += 1,
            // The chapter before has an answer for each of these.
            _ => return,
        }
        if self.redraws.drawn == 1 {
            say("redraw: the first frame is drawn");
        }
    }
    // ANCHOR_END: redraw

    fn resize(&self) {
        if let (Some(painter), Some(window)) = (&self.painter, &self.window) {
            if let Err(why) = painter.configure(window.inner_size().into()) {
                say(why);
            }
            window.request_redraw();
        }
    }

    fn click(&mut self) {
        if let Some(painter) = &mut self.painter {
            self.turn += 1;
            painter.turn(self.turn);
        }
        if let Some(window) = &self.window {
            window.request_redraw();
        }
    }
}

impl ApplicationHandler<Done> for App {
    // ANCHOR: resumed
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if self.window.is_some() {
            return;
        }
        let window = match event_loop.create_window(platform::window()) {
            Ok(window) => Arc::new(window),
            Err(why) => {
                say(SetupError::Window(why.into()));
                return event_loop.exit();
            }
        };
        window.request_redraw();
        self.window = Some(window.clone());
        let proxy = self.proxy.clone();
        platform::spawn(async move {
            let done = setup(window).await;
            // When the loop has ended, nobody waits for the GPU.
            let _ = proxy.send_event(done);
        });
        say("resumed returns");
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
        match done {
            Ok(painter) => {
                say("user_event: the GPU is here");
                self.painter = Some(painter);
                self.resize();
            }
            Err(why) => {
                say(why);
                event_loop.exit();
            }
        }
    }
    // ANCHOR_END: resumed

    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        _: WindowId,
        event: WindowEvent,
    ) {
        match event {
            WindowEvent::RedrawRequested => self.redraw(),
            WindowEvent::Resized(_) => self.resize(),
            WindowEvent::MouseInput {
                state: ElementState::Pressed, ..
            } => self.click(),
            WindowEvent::CloseRequested => event_loop.exit(),
            _ => {}
        }
    }
}
