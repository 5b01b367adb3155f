//! The application of the browser in a window of the desktop: drawn, then the
//! loop ends.

use boundary::web::app::{App, Done};
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

use crate::support::{event_loop, instance};

struct Test(App);

impl ApplicationHandler<Done> for Test {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.0.resumed(event_loop);
        self.0.resumed(event_loop);
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
