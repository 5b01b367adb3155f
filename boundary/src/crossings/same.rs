//! What is the same in six programs: the window, the user who clicks, and the
//! setup that the window waits for.

use std::error::Error;
use std::future::poll_fn;
use std::pin::Pin;
use std::thread;
use std::time::{Duration, Instant};

use pollster::block_on;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoop, EventLoopProxy};
use winit::platform::run_on_demand::EventLoopExtRunOnDemand;
use winit::window::{Window, WindowId};

// ANCHOR: crossing
/// What setup gives. It stands for a device.
#[derive(Debug)]
pub struct Gpu {
    /// Whether setup found a runtime of Tokio, and slept on its timer.
    pub tokio: bool,
}

/// What wakes the loop.
#[derive(Debug)]
pub enum Event {
    /// The user has clicked.
    Click,
    /// A value is in the channel, or a task was woken.
    Wake,
    /// Setup is done.
    Done(Gpu),
}

/// One way to run setup from handlers that must not wait.
pub trait Crossing {
    /// Called in `resumed`. Returns the GPU if setup is done at once.
    fn start<F>(&mut self, setup: F) -> Option<Gpu>
    where
        F: Future<Output = Gpu> + Send + 'static;

    /// Called in `user_event`, for every event but a click. Returns the GPU
    /// if the event brings it.
    fn event(&mut self, event: Event) -> Option<Gpu> {
        match event {
            Event::Done(gpu) => Some(gpu),
            Event::Click | Event::Wake => None,
        }
    }
}
// ANCHOR_END: crossing

// ANCHOR: setups
/// How often the user clicks while setup goes on.
pub const CLICKS: u32 = 100;

/// Waits until the user has clicked, and leaves the thread free meanwhile.
pub async fn waits(user: User) -> Gpu {
    user.clicks().await;
    Gpu { tokio: false }
}

/// Blocks its thread until the user has clicked, as a driver's call may.
pub async fn blocks(user: User) -> Gpu {
    block_on(user.clicks());
    Gpu { tokio: false }
}

/// Sleeps on a timer of Tokio, if there is a runtime.
pub async fn sleeps(_: User) -> Gpu {
    let tokio = Handle::try_current().is_ok();
    if tokio {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Gpu { tokio }
}
// ANCHOR_END: setups

/// A user of the window. A thread plays the user.
#[derive(Debug)]
pub struct User {
    proxy: EventLoopProxy<Event>,
    pause: Duration,
}

impl User {
    /// Clicks [`CLICKS`] times. Ready when all are sent, and never at the
    /// first poll, however fast the user is.
    async fn clicks(self) {
        let (done, mut clicked) = oneshot::channel();
        let mut user = Some(move || {
            for _ in 0..CLICKS {
                thread::sleep(self.pause);
                // An error would say that the loop has ended.
                let _ = self.proxy.send_event(Event::Click);
            }
            let _ = done.send(());
        });
        let _ = poll_fn(|cx| {
            let poll = Pin::new(&mut clicked).poll(cx);
            if let Some(user) = user.take() {
                thread::spawn(user);
            }
            poll
        })
        .await;
    }
}

/// What was seen in a run.
#[derive(Debug)]
pub struct Seen {
    pub gpu: Gpu,
    /// How many clicks the loop had handled when the GPU came.
    pub clicks: u32,
    /// The longest time in which the loop handled nothing.
    pub gap: Duration,
}

/// The application: a window, and a GPU once setup is done.
struct App<C, F> {
    way: C,
    setup: Option<F>,
    window: Option<Window>,
    /// How many clicks are to come, and how many were handled.
    expected: u32,
    clicks: u32,
    last: Instant,
    gap: Duration,
    seen: Option<(Gpu, u32)>,
}

impl<C, F> App<C, F> {
    /// Notes that the loop handles something now.
    fn note(&mut self) {
        let now = Instant::now();
        self.gap = self.gap.max(now - self.last);
        self.last = now;
    }

    /// Keeps the GPU, and ends the loop when there is nothing left to see.
    fn keep(&mut self, event_loop: &ActiveEventLoop, gpu: Option<Gpu>) {
        if let Some(gpu) = gpu {
            self.seen = Some((gpu, self.clicks));
        }
        if self.seen.is_some() && self.clicks == self.expected {
            event_loop.exit();
        }
    }
}

impl<C, F> ApplicationHandler<Event> for App<C, F>
where
    C: Crossing,
    F: Future<Output = Gpu> + Send + 'static,
{
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        // `resumed` may come again: setup starts once.
        let Some(setup) = self.setup.take() else { return };
        self.window = event_loop.create_window(Default::default()).ok();
        self.last = Instant::now();
        let gpu = self.way.start(setup);
        self.note();
        self.keep(event_loop, gpu);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: Event) {
        self.note();
        let gpu = match event {
            Event::Click => {
                self.clicks += 1;
                None
            }
            event => self.way.event(event),
        };
        self.note();
        self.keep(event_loop, gpu);
    }

    fn window_event(
        &mut self,
        _: &ActiveEventLoop,
        _: WindowId,
        _: WindowEvent,
    ) {
        self.note();
    }
}

/// Opens a window, runs `setup` in this `way`, and closes the window once the
/// GPU is there and `expected` clicks were handled.
///
/// # Errors
/// What winit says, or that the loop ended without a GPU.
pub fn run<F: Future<Output = Gpu> + Send + 'static>(
    event_loop: &mut EventLoop<Event>,
    way: impl Crossing,
    (setup, expected): (fn(User) -> F, u32),
    pause: Duration,
) -> Result<Seen, Box<dyn Error>> {
    let user = User { proxy: event_loop.create_proxy(), pause };
    let mut app = App {
        way,
        setup: Some(setup(user)),
        window: None,
        expected,
        clicks: 0,
        last: Instant::now(),
        gap: Duration::ZERO,
        seen: None,
    };
    event_loop.run_app_on_demand(&mut app)?;
    let seen = app.seen.ok_or("the loop ended before setup was done")?;
    Ok(Seen { gpu: seen.0, clicks: seen.1, gap: app.gap })
}
