//! The application of the browser in a window of the desktop: drawn, then the
//! loop ends.

use std::sync::Arc;

use boundary::frame::surface::Next;
use boundary::web::app::{App, Done};
use boundary::web::platform;
use boundary::web::setup::setup;
use winit::application::ApplicationHandler;
use winit::event::{DeviceId, ElementState, MouseButton, WindowEvent};
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

use crate::support::{event_loop, instance};

struct Test(App);

impl ApplicationHandler<Done> for Test {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.0.resumed(event_loop);
        self.0.resumed(event_loop);
        // The GPU comes with a message, so this click finds none.
        let click = WindowEvent::MouseInput {
            device_id: DeviceId::dummy(),
            state: ElementState::Pressed,
            button: MouseButton::Left,
        };
        self.0.window_event(event_loop, WindowId::dummy(), click);
        assert_eq!(self.0.turns(), 0, "a click without a GPU was counted");
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
        assert!(done.is_ok(), "{done:?}");
        self.0.user_event(event_loop, done);
    }

    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        id: WindowId,
        event: WindowEvent,
    ) {
        self.0.window_event(event_loop, id, event);
        if self.0.redraws().drawn > 0 {
            event_loop.exit();
        }
    }
}

pub fn run() {
    if instance().is_none() {
        return;
    }
    let Some(event_loop) = event_loop() else { return };
    let mut test = Test(App::new(event_loop.create_proxy()));
    event_loop.run_app(&mut test).unwrap();
    assert!(test.0.redraws().drawn > 0);
}

/// A GPU that comes before its surface is configured, as in a browser that
/// has not told the canvas its size.
struct Early(Vec<Next>);

impl ApplicationHandler<Done> for Early {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        let window = event_loop.create_window(platform::window()).unwrap();
        let painter = pollster::block_on(setup(Arc::new(window))).unwrap();
        painter.configure((0, 0)).unwrap();
        self.0.push(painter.draw());
        painter.configure((480, 320)).unwrap();
        self.0.push(painter.draw());
        event_loop.exit();
    }

    fn window_event(
        &mut self,
        _: &ActiveEventLoop,
        _: WindowId,
        _: WindowEvent,
    ) {
    }
}

pub fn early() {
    if instance().is_none() {
        return;
    }
    let Some(event_loop) = event_loop() else { return };
    let mut test = Early(Vec::new());
    event_loop.run_app(&mut test).unwrap();
    let [before, after] = &test.0[..] else { panic!("{:?}", test.0) };
    assert_eq!(*before, Next::Hide);
    assert!(after.is_shown(), "{after:?}");
}
