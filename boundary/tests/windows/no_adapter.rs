//! No adapter draws on the window: the error comes back as a user event.

use crate::support;
use boundary::frame::app::{App, Done};
use boundary::frame::setup::SetupError;
use wgpu::{Backends, Instance, InstanceDescriptor};
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

struct Test {
    app: App,
    results: u32,
}

impl ApplicationHandler<Done> for Test {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.app.resumed(event_loop);
        assert!(!event_loop.exiting(), "it failed before setup");
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
        assert!(matches!(done, Err(SetupError::Adapter(_))));
        self.results += 1;
        self.app.user_event(event_loop, done);
        assert!(event_loop.exiting());
    }

    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        id: WindowId,
        event: WindowEvent,
    ) {
        self.app.window_event(event_loop, id, event);
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        self.app.exiting(event_loop);
    }
}

/// An instance whose only backend makes surfaces, but draws on none.
fn noop() -> Instance {
    let mut descriptor = InstanceDescriptor::new_without_display_handle();
    descriptor.backends = Backends::NOOP;
    descriptor.backend_options.noop.enable = true;
    Instance::new(descriptor)
}

pub fn run() {
    let Some(event_loop) = support::event_loop() else { return };
    let proxy = event_loop.create_proxy();
    let app = App::new(proxy, noop(), support::shader()).unwrap();
    let mut test = Test { app, results: 0 };
    event_loop.run_app(&mut test).unwrap();
    assert_eq!(test.results, 1);
    let why = test.app.into_failure().unwrap().to_string();
    assert!(why.contains("not compatible with provided surface"), "{why}");
    println!("proxy_no_adapter: {why}");
}
