//! A setup that panics comes back as a user event too: nobody waits forever
//! for a task that is gone.

use std::io;

use crate::support;
use boundary::frame::app::{App, Done};
use boundary::frame::setup::SetupError;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

struct Test(App);

impl ApplicationHandler<Done> for Test {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.0.resumed(event_loop);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
        self.0.user_event(event_loop, done);
    }

    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        id: WindowId,
        event: WindowEvent,
    ) {
        self.0.window_event(event_loop, id, event);
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        self.0.exiting(event_loop);
    }
}

async fn source() -> io::Result<String> {
    panic!("on purpose")
}

pub fn run() {
    let Some(instance) = support::instance() else { return };
    let Some(event_loop) = support::event_loop() else { return };
    let app = App::new(event_loop.create_proxy(), instance, source());
    let mut test = Test(app.unwrap());
    event_loop.run_app(&mut test).unwrap();
    match test.0.into_failure() {
        Some(SetupError::Panicked(why)) => {
            assert!(why.to_string().contains("on purpose"), "{why}");
        }
        other => panic!("ended with {other:?}"),
    }
    println!("proxy_panic: the panic has come back");
}
