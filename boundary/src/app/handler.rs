//! The events of winit, each led to the method that is about it.

use winit::application::ApplicationHandler;
use winit::event::{ElementState, WindowEvent};
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

use super::program::App;
use super::tasks::{Failure, Message};

// ANCHOR: handler
impl ApplicationHandler<Message> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        let result = self.resume(event_loop);
        self.end_if_failed(event_loop, result);
    }

    fn suspended(&mut self, _: &ActiveEventLoop) {
        if let Some(place) = &mut self.place {
            place.surface = None;
        }
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, message: Message) {
        let result = self.receive(message);
        self.end_if_failed(event_loop, result);
    }
    // ANCHOR_END: handler

    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        _: WindowId,
        event: WindowEvent,
    ) {
        let mut result = Ok(());
        match event {
            WindowEvent::Resized(size) => result = self.resize(size.into()),
            WindowEvent::RedrawRequested => result = self.redraw(),
            WindowEvent::Occluded(false) => self.ask_for_redraw(),
            WindowEvent::CursorMoved { position, .. } => {
                self.cursor = (position.x as u32, position.y as u32);
            }
            WindowEvent::MouseInput {
                state: ElementState::Pressed,
                button,
                ..
            } => self.press(button),
            WindowEvent::CloseRequested | WindowEvent::Destroyed => {
                event_loop.exit();
            }
            _ => {}
        }
        self.end_if_failed(event_loop, result);
    }

    // ANCHOR: exiting
    fn exiting(&mut self, _: &ActiveEventLoop) {
        self.opening = None;
        self.loading = None;
        self.work = None;
        // The tasks end first, because setup may share the surface. After
        // that only `self` owns the window, so it closes here.
        self.tasks.wait();
        // Nobody hands work to the GPU any more, so a thread that polls it
        // returns when this poll does.
        if let Some(state) = &self.state {
            let _ = state.gpu.check();
        }
        self.picture = None;
        self.state = None;
        self.place = None;
    }
}

impl App {
    fn end_if_failed(
        &mut self,
        event_loop: &ActiveEventLoop,
        result: Result<(), Failure>,
    ) {
        if let Err(why) = result.or_else(|why| self.recover(why)) {
            // What comes after the first error follows from it.
            self.failure.get_or_insert(why);
            event_loop.exit();
        }
    }
    // ANCHOR_END: exiting
}
