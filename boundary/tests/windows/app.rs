//! The whole program from inside: what cannot be done to it from outside.

use std::sync::{Arc, Weak, mpsc};
use std::thread;
use std::time::Duration;

use boundary::app::picture::{ONE, View};
use boundary::app::program::App;
use boundary::app::refine::ROUNDS;
use boundary::app::shader::REFINE;
use boundary::app::tasks::{Failure, Message, Tasks};
use boundary::frame::setup::SetupError;
use tokio::runtime::Runtime;
use wgpu::{CurrentSurfaceTexture as Texture, Instance, PollType, Surface};
use winit::application::ApplicationHandler;
use winit::event::{DeviceId, ElementState, MouseButton, WindowEvent};
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::{Window, WindowId};

use crate::support::{event_loop, instance};

/// What is done to the program at a time of the test's choice.
type Deed = Box<dyn FnOnce(&mut Test, &ActiveEventLoop)>;

/// When the deed is done.
#[derive(Clone, Copy, PartialEq)]
enum When {
    /// The GPU is open, but the program has not got it yet.
    Opened,
    /// The picture has had a few rounds, and a frame was shown.
    Working,
    /// The picture is done, and has been shown.
    Done,
}

struct Test {
    app: App,
    proxy: EventLoopProxy<Message>,
    when: When,
    deed: Option<Deed>,
    /// What is done to it once the program has noticed that its GPU is lost.
    after_lost: Option<Deed>,
    /// What is done to it once it has the next GPU.
    after_opened: Option<Deed>,
    /// How many frames must come after the deed, with the picture done.
    until: u32,
    frames: u32,
    opened: u32,
    refined: u32,
    redraws: u32,
    turns: u32,
    surface: Weak<Surface<'static>>,
}

impl Test {
    fn is_done(&self) -> bool {
        self.app.rounds == ROUNDS
    }

    fn window(&self) -> Arc<Window> {
        self.app.place.as_ref().unwrap().window.clone()
    }

    fn surface(&self) -> Option<Arc<Surface<'static>>> {
        self.app.place.as_ref().unwrap().surface.clone()
    }

    fn act(&mut self, event_loop: &ActiveEventLoop, now: When) {
        if self.when == now
            && let Some(deed) = self.deed.take()
        {
            (self.frames, self.redraws, self.refined) = (0, 0, 0);
            deed(self, event_loop);
        }
    }

    /// A device that is lost before its first frame is an error, and on a
    /// busy machine the rounds may be quicker than that frame: then they
    /// start again.
    fn act_when_working(&mut self, event_loop: &ActiveEventLoop) {
        if self.when != When::Working
            || self.deed.is_none()
            || self.app.frames == 0
        {
            return;
        }
        if self.is_done() {
            let id = self.window().id();
            let again = WindowEvent::MouseInput {
                device_id: DeviceId::dummy(),
                state: ElementState::Pressed,
                button: MouseButton::Right,
            };
            self.app.window_event(event_loop, id, again);
        } else if self.app.rounds >= 2 {
            self.act(event_loop, When::Working);
        }
    }

    fn device(&self) -> wgpu::Device {
        self.app.state.as_ref().unwrap().gpu.device.clone()
    }
}

impl ApplicationHandler<Message> for Test {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.app.resumed(event_loop);
    }

    fn suspended(&mut self, event_loop: &ActiveEventLoop) {
        self.app.suspended(event_loop);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, message: Message) {
        if let Message::Opened(state) = &message {
            self.opened += 1;
            if self.when == When::Opened {
                state.gpu.device.destroy();
            }
        }
        self.refined += u32::from(matches!(message, Message::Refined { .. }));
        self.app.user_event(event_loop, message);
        if self.app.state.is_none()
            && let Some(deed) = self.after_lost.take()
        {
            deed(self, event_loop);
        }
        if self.opened == 2
            && let Some(deed) = self.after_opened.take()
        {
            deed(self, event_loop);
        }
        self.act_when_working(event_loop);
    }

    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        id: WindowId,
        event: WindowEvent,
    ) {
        let redraw = event == WindowEvent::RedrawRequested;
        if redraw {
            self.redraws += 1;
            assert!(self.redraws < 1000, "it redraws and redraws");
        }
        let before = self.app.frames;
        self.app.window_event(event_loop, id, event);
        self.frames += u32::from(self.app.frames > before);
        self.act_when_working(event_loop);
        if !redraw || !self.is_done() {
            return;
        }
        if self.deed.is_some() {
            self.act(event_loop, When::Done);
        } else if self.frames >= self.until {
            event_loop.exit();
        }
    }

    fn about_to_wait(&mut self, _: &ActiveEventLoop) {
        self.turns += 1;
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        let place = self.app.place.as_ref();
        let window = place.map(|place| Arc::downgrade(&place.window));
        self.app.exiting(event_loop);
        let owners = window.map_or(0, |window| window.strong_count());
        assert_eq!(owners, 0, "the window lives on");
    }
}

/// The program with a GPU of `instance`, and what is done to it.
fn run_on(
    instance: Instance,
    when: When,
    until: u32,
    deed: impl FnOnce(&mut Test, &ActiveEventLoop) + 'static,
) -> Option<Test> {
    let event_loop = event_loop()?;
    let proxy = event_loop.create_proxy();
    let palette =
        concat!(env!("CARGO_MANIFEST_DIR"), "/examples/app_palette.txt");
    let shader = REFINE.to_string();
    let runtime = Runtime::new().unwrap();
    let tasks = Tasks::new(runtime.handle().clone(), proxy.clone());
    let mut test = Test {
        app: App::new(tasks, instance, shader, palette.into()),
        proxy,
        when,
        deed: Some(Box::new(deed)),
        after_lost: None,
        after_opened: None,
        until,
        frames: 0,
        opened: 0,
        refined: 0,
        redraws: 0,
        turns: 0,
        surface: Weak::new(),
    };
    event_loop.run_app(&mut test).unwrap();
    Some(test)
}

fn run(
    when: When,
    until: u32,
    deed: impl FnOnce(&mut Test, &ActiveEventLoop) + 'static,
) -> Option<Test> {
    run_on(instance()?, when, until, deed)
}

pub fn idle() {
    let deed = |test: &mut Test, event_loop: &ActiveEventLoop| {
        test.app.about_to_wait(event_loop);
        let proxy = test.proxy.clone();
        thread::spawn(move || {
            thread::sleep(Duration::from_secs(1));
            assert!(proxy.send_event(failed(0)).is_ok());
        });
        test.turns = 0;
    };
    let Some(test) = run(When::Done, 1000, deed) else { return };
    assert_eq!(test.redraws, 0, "it draws without a reason");
    assert!(test.turns < 10, "the loop turns {} times", test.turns);
    let why = test.app.failure.unwrap().to_string();
    assert_eq!(why, "the GPU: on purpose");
}

/// Where every point leaves in the first round, there is no second one.
pub fn early() {
    let test = run(When::Done, 1, |test, event_loop| {
        test.app.view = View { x: 2 * ONE, y: 2 * ONE, side: ONE / 1024 };
        let id = test.window().id();
        let size = WindowEvent::Resized((480, 320).into());
        test.app.window_event(event_loop, id, size);
    });
    let Some(test) = test else { return };
    assert_eq!(test.refined, 1);
    assert!(test.app.failure.is_none());
}

/// A message of work that was cancelled changes nothing.
pub fn late() {
    let test = run(When::Done, 1, |test, event_loop| {
        let (run, rounds) = (test.app.run, ROUNDS);
        let picture = test.app.picture.clone().unwrap();
        let id = test.window().id();
        let size = WindowEvent::Resized((480, 320).into());
        test.app.window_event(event_loop, id, size);
        let late = Message::Refined { run, picture, rounds };
        test.app.user_event(event_loop, late);
        assert_eq!(test.app.rounds, 0);
    });
    let Some(test) = test else { return };
    assert!(test.app.failure.is_none());
}

fn suspended_when(when: When) {
    let test = run(when, 1, |test, event_loop| {
        let window = test.window();
        let old = Arc::downgrade(&test.surface().unwrap());
        test.app.suspended(event_loop);
        assert_eq!(old.strong_count(), 0, "the surface lives on");
        assert!(test.app.state.is_some(), "the GPU is kept");
        // A redraw and a size in between find nothing to draw on.
        for event in [
            WindowEvent::RedrawRequested,
            WindowEvent::Resized((300, 200).into()),
            WindowEvent::Resized((480, 320).into()),
        ] {
            test.app.window_event(event_loop, window.id(), event);
        }
        test.app.resumed(event_loop);
        let new = test.surface().expect("no new surface");
        test.app.resumed(event_loop);
        assert!(Arc::ptr_eq(&new, &test.surface().unwrap()));
        assert!(Arc::ptr_eq(&window, &test.window()));
    });
    let Some(test) = test else { return };
    assert_eq!(test.opened, 1, "setup ran again");
    assert!(test.app.failure.is_none());
}

pub fn suspended_working() {
    suspended_when(When::Working);
}

pub fn suspended_done() {
    suspended_when(When::Done);
}

/// To configure a surface, the program waits for the one who has the turn:
/// the call is not over when that one has waited for it.
pub fn turn() {
    let test = run(When::Done, 1, |test, event_loop| {
        let state = test.app.state.clone().unwrap();
        let (has_turn, turn) = mpsc::channel();
        let (configured, over) = mpsc::channel();
        let other = thread::spawn(move || {
            let _turn = state.no_rounds();
            has_turn.send(()).unwrap();
            over.recv_timeout(Duration::from_millis(300))
        });
        turn.recv().unwrap();
        let id = test.window().id();
        let size = WindowEvent::Resized((480, 320).into());
        test.app.window_event(event_loop, id, size);
        let _ = configured.send(());
        let other = other.join().unwrap();
        assert!(other.is_err(), "configured in the turn of another");
    });
    let Some(test) = test else { return };
    assert!(test.app.failure.is_none());
}

pub fn surface_lost() {
    let test = run(When::Working, 1, |test, _| {
        test.surface = Arc::downgrade(&test.surface().unwrap());
        test.app.show(Texture::Lost);
        assert_eq!(test.surface.strong_count(), 0, "the lost one stayed");
    });
    let Some(test) = test else { return };
    assert_eq!(test.opened, 1, "setup ran again");
    assert!(test.app.failure.is_none());
}

pub fn surface_outdated() {
    for_texture(Texture::Outdated);
}

pub fn surface_timeout() {
    for_texture(Texture::Timeout);
}

/// A surface that gives no texture: the next frame comes all the same.
fn for_texture(texture: Texture) {
    let test = run(When::Done, 1, |test, _| {
        test.app.show(texture);
    });
    let Some(test) = test else { return };
    assert!(test.redraws < 5, "{} redraws", test.redraws);
    assert!(test.app.failure.is_none());
}

/// The device is lost; then something notices it.
fn device_lost(when: When, notice: fn(&Test)) {
    let test = run(when, 1, move |test, _| {
        test.surface = Arc::downgrade(&test.surface().unwrap());
        test.device().destroy();
        notice(test);
    });
    let Some(test) = test else { return };
    assert_eq!(test.opened, 2, "the GPU was not opened anew");
    assert_eq!(test.surface.strong_count(), 0, "the old surface stayed");
    if let Some(why) = test.app.failure {
        panic!("{why}");
    }
}

pub fn device_lost_redraw() {
    device_lost(When::Done, |test| test.window().request_redraw());
}

pub fn device_lost_idle() {
    device_lost(When::Done, |test| {
        let device = test.device();
        thread::spawn(move || device.poll(PollType::wait_indefinitely()));
    });
}

pub fn device_lost_working() {
    device_lost(When::Working, |_| {});
}

pub fn device_lost_suspended() {
    let test = run(When::Working, 1, |test, event_loop| {
        // The rounds go on while it is suspended, so a round notices.
        test.app.suspended(event_loop);
        test.device().destroy();
        test.after_lost = Some(Box::new(|test, event_loop| {
            assert!(test.surface().is_none(), "it is not suspended");
            test.app.resumed(event_loop);
        }));
    });
    let Some(test) = test else { return };
    assert_eq!(test.opened, 2, "the GPU was not opened anew");
    assert!(test.app.failure.is_none());
}

/// An error of the GPU with this number.
fn failed(gpu: u64) -> Message {
    Message::Failed(Failure::Gpu(gpu, "on purpose".into()))
}

pub fn failed_alone() {
    let deed = |test: &mut Test, event_loop: &ActiveEventLoop| {
        test.app.user_event(event_loop, failed(0));
    };
    let Some(test) = run(When::Done, 1000, deed) else { return };
    let why = test.app.failure.unwrap().to_string();
    assert_eq!(why, "the GPU: on purpose");
}

/// An error comes after the device is lost, and before the message that says
/// so: a thread has taken the callbacks, and is held up in the first of them.
pub fn failed_before_lost() {
    let test = run(When::Done, 1, |test, event_loop| {
        let (holds, held) = mpsc::channel();
        let (lets_go, goes_on) = mpsc::channel::<()>();
        let device = test.device();
        device.destroy();
        let queue = &test.app.state.as_ref().unwrap().gpu.queue;
        queue.on_submitted_work_done(move || {
            holds.send(()).unwrap();
            goes_on.recv().unwrap();
        });
        let polls =
            thread::spawn(move || device.poll(PollType::wait_indefinitely()));
        held.recv().unwrap();
        test.app.user_event(event_loop, failed(0));
        assert!(test.app.state.is_none(), "the lost GPU is kept");
        lets_go.send(()).unwrap();
        polls.join().unwrap().unwrap();
    });
    let Some(test) = test else { return };
    assert_eq!(test.opened, 2, "the GPU was not opened anew");
    if let Some(why) = test.app.failure {
        panic!("{why}");
    }
}

/// An error of the lost device comes when the next one is open.
pub fn failed_too_late() {
    let test = run(When::Done, 1, |test, _| {
        test.device().destroy();
        test.window().request_redraw();
        test.after_opened = Some(Box::new(|test, event_loop| {
            assert!(test.app.state.is_some(), "there is no GPU");
            test.app.user_event(event_loop, failed(0));
        }));
    });
    let Some(test) = test else { return };
    assert_eq!(test.opened, 2, "the GPU was not opened anew");
    if let Some(why) = test.app.failure {
        panic!("{why}");
    }
}

pub fn device_lost_at_once() {
    let Some(test) = run(When::Opened, 1, |_, _| {}) else { return };
    assert_eq!(test.opened, 1, "it tries again without end");
    match test.app.failure {
        Some(Failure::Setup(SetupError::DeviceLost(_))) => {}
        other => panic!("ended with {other:?}"),
    }
}

pub fn panic() {
    let test = run(When::Working, 1, |test, _| {
        let task = test.app.tasks.spawn(async { panic!("on purpose") });
        std::mem::forget(task);
    });
    let Some(test) = test else { return };
    match test.app.failure {
        Some(Failure::Panicked(why)) => {
            assert!(why.to_string().contains("on purpose"), "{why}");
        }
        other => panic!("ended with {other:?}"),
    }
}

pub fn no_adapter() {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = wgpu::Backends::NOOP;
    descriptor.backend_options.noop.enable = true;
    let noop = Instance::new(descriptor);
    let Some(test) = run_on(noop, When::Done, 1, |_, _| {}) else { return };
    let why = test.app.failure.unwrap().to_string();
    assert!(why.contains("no adapter"), "{why}");
    assert_eq!(why.lines().count(), 1, "{why}");
}
