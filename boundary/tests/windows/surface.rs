//! A surface that has no texture in time is asked again, one that fits no
//! longer is configured anew, and one that `suspended` drops is made again.

use std::sync::Arc;

use boundary::frame::app::{App, Done};
use wgpu::{CurrentSurfaceTexture as Texture, Device};
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

use crate::support::{event_loop, instance, shader};

/// What is done once, after the first frame.
type Deed = fn(&mut Test, &ActiveEventLoop);

struct Test {
    app: App,
    device: Option<Device>,
    deed: Option<Deed>,
    done_at: u64,
    results: u32,
}

impl ApplicationHandler<Done> for Test {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.app.resumed(event_loop);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
        self.results += 1;
        if let Ok(gpu) = &done {
            self.device = Some(gpu.device.clone());
        }
        self.app.user_event(event_loop, done);
    }

    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        id: WindowId,
        event: WindowEvent,
    ) {
        self.app.window_event(event_loop, id, event);
        if self.app.shown() == 0 {
            return;
        }
        if let Some(deed) = self.deed.take() {
            deed(self, event_loop);
            self.done_at = self.app.shown();
        } else if self.app.shown() > self.done_at {
            event_loop.exit();
        }
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        self.app.exiting(event_loop);
    }
}

/// Ends when one more frame has been shown after `deed`.
fn run(name: &str, deed: Deed) {
    let Some(instance) = instance() else { return };
    let Some(event_loop) = event_loop() else { return };
    let app = App::new(event_loop.create_proxy(), instance, shader());
    let mut test = Test {
        app: app.unwrap(),
        device: None,
        deed: Some(deed),
        done_at: 0,
        results: 0,
    };
    event_loop.run_app(&mut test).unwrap();
    assert!(test.app.shown() > test.done_at, "no frame came after it");
    assert_eq!(test.results, 1, "setup ran again");
    assert!(test.app.into_failure().is_none());
    println!("{name}: one more frame was shown");
}

pub fn timeout() {
    run("surface_timeout", |test, _| {
        test.app.show(Texture::Timeout).unwrap();
    });
}

pub fn suboptimal() {
    run("surface_suboptimal", |test, _| {
        let surface = test.app.surface().unwrap().clone();
        let right = surface.get_configuration().unwrap();
        let wrong = wgpu::SurfaceConfiguration { width: 99, ..right.clone() };
        surface.configure(test.device.as_ref().unwrap(), &wrong);
        let frame = match surface.get_current_texture() {
            Texture::Success(frame) | Texture::Suboptimal(frame) => frame,
            other => panic!("no frame: {other:?}"),
        };
        let shown = test.app.shown();
        test.app.show(Texture::Suboptimal(frame)).unwrap();
        assert_eq!(test.app.shown(), shown + 1);
        let now = surface.get_configuration().unwrap();
        assert_eq!(now.width, right.width, "it is not configured anew");
        test.app.window().unwrap().request_redraw();
    });
}

pub fn suspended() {
    run("surface_suspended", |test, event_loop| {
        let window = test.app.window().unwrap().clone();
        let old = Arc::downgrade(test.app.surface().unwrap());
        test.app.suspended(event_loop);
        assert_eq!(old.strong_count(), 0, "the surface lives on");
        assert!(test.app.is_ready(), "the GPU is kept");
        // A redraw in between finds nothing to draw on.
        let redraw = WindowEvent::RedrawRequested;
        test.app.window_event(event_loop, window.id(), redraw);

        test.app.resumed(event_loop);
        let new = test.app.surface().expect("no new surface").clone();
        test.app.resumed(event_loop);
        assert!(Arc::ptr_eq(&new, test.app.surface().unwrap()));
        assert!(Arc::ptr_eq(&window, test.app.window().unwrap()));
    });
}
