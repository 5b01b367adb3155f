//! The device is lost after the first frame: the loop ends with one error
//! that names it, and the window is not redrawn over and over.

use std::thread::{self, JoinHandle};

use boundary::frame::app::{App, Done};
use boundary::frame::setup::SetupError;
use wgpu::{CurrentSurfaceTexture, Device, PollType};
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

use crate::support::{event_loop, instance, shader};

/// What happens after the device is destroyed.
enum Then {
    /// The window is drawn again.
    Redraw,
    /// The surface gives no texture in time.
    Timeout,
    /// Nothing is drawn; another thread notices it.
    Idle,
}

struct Test {
    app: App,
    then: Then,
    device: Option<Device>,
    /// A process that ends while this thread is in the driver may crash.
    polls: Option<JoinHandle<()>>,
    lost: bool,
    redraws: u32,
}

impl Test {
    fn lose(&mut self) {
        let device = self.device.take().unwrap();
        device.destroy();
        match self.then {
            Then::Redraw => self.app.window().unwrap().request_redraw(),
            Then::Timeout => {
                self.app.show(CurrentSurfaceTexture::Timeout).unwrap();
            }
            Then::Idle => {
                self.polls = Some(thread::spawn(move || {
                    let _ = device.poll(PollType::wait_indefinitely());
                }));
            }
        }
    }
}

impl ApplicationHandler<Done> for Test {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.app.resumed(event_loop);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
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
        if self.lost && event == WindowEvent::RedrawRequested {
            self.redraws += 1;
            assert!(self.redraws < 10, "it redraws and redraws");
        }
        self.app.window_event(event_loop, id, event);
        if self.app.shown() > 0 && !self.lost {
            self.lost = true;
            self.lose();
        }
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        self.app.exiting(event_loop);
    }
}

fn run(name: &str, then: Then) {
    let Some(instance) = instance() else { return };
    let Some(event_loop) = event_loop() else { return };
    let app = App::new(event_loop.create_proxy(), instance, shader());
    let mut test = Test {
        app: app.unwrap(),
        then,
        device: None,
        polls: None,
        lost: false,
        redraws: 0,
    };
    event_loop.run_app(&mut test).unwrap();
    if let Some(thread) = test.polls.take() {
        thread.join().unwrap();
    }
    assert!(test.lost, "no frame was shown");
    let why = test.app.into_failure().expect("it ended without an error");
    assert!(matches!(why, SetupError::DeviceLost(_)), "{why}");
    println!("{name}: {why} ({} redraws)", test.redraws);
}

pub fn redraw() {
    run("device_lost_redraw", Then::Redraw);
}

pub fn timeout() {
    run("device_lost_timeout", Then::Timeout);
}

pub fn idle() {
    run("device_lost_idle", Then::Idle);
}
