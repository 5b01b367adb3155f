//! A task on a window's loop receives a thousand messages: inside `block_on`
//! of Tokio, and repaired in four ways.

use std::cell::Cell;
use std::error::Error;
use std::pin::Pin;
use std::rc::Rc;

use boundary::proxy::screen;
use boundary::two_loops::tasks::Tasks;
use listings::wakers::channel::unbounded;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::task::{block_in_place, unconstrained};
use winit::application::ApplicationHandler;
use winit::error::EventLoopError;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoop, EventLoopProxy};
use winit::platform::run_on_demand::EventLoopExtRunOnDemand;
use winit::window::WindowId;

enum Event {
    Woken,
    Round,
}

type Receiving = Pin<Box<dyn Future<Output = ()>>>;

struct App {
    tasks: Tasks,
    proxy: EventLoopProxy<Event>,
    receiving: Option<Receiving>,
    rounds: u32,
    woken: u32,
}

impl ApplicationHandler<Event> for App {
    fn resumed(&mut self, _: &ActiveEventLoop) {
        let Some(receiving) = self.receiving.take() else { return };
        drop(self.tasks.spawn(receiving));
    }

    fn user_event(&mut self, _: &ActiveEventLoop, event: Event) {
        // Before the first round an event may come that an earlier run left.
        if self.rounds > 0 && matches!(event, Event::Woken) {
            self.woken += 1;
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.tasks.turn();
        self.rounds += 1;
        match self.rounds {
            100 => event_loop.exit(),
            _ => drop(self.proxy.send_event(Event::Round)),
        }
    }

    fn window_event(
        &mut self,
        _: &ActiveEventLoop,
        _: WindowId,
        _: WindowEvent,
    ) {
    }
}

type Count = Rc<Cell<u32>>;

/// Receives a thousand messages of a channel of Tokio.
async fn receive(count: Count) {
    let (sender, mut messages) = mpsc::unbounded_channel();
    for n in 1..=1000 {
        let _ = sender.send(n);
    }
    drop(sender);
    while messages.recv().await.is_some() {
        count.set(count.get() + 1);
    }
}

/// Receives as many of a channel that knows nothing of Tokio.
async fn receive_ours(count: Count) {
    let (sender, mut messages) = unbounded::channel();
    for n in 1..=1000 {
        let _ = sender.send(n);
    }
    drop(sender);
    while messages.recv().await.is_some() {
        count.set(count.get() + 1);
    }
}

/// Runs the loop with one task for 100 rounds, and says how many messages it
/// received, and how often it was woken after its first poll.
fn run<F: Future<Output = ()> + 'static>(
    event_loop: &mut EventLoop<Event>,
    receiving: impl FnOnce(Count) -> F,
) -> Result<String, EventLoopError> {
    let proxy = event_loop.create_proxy();
    let telling = proxy.clone();
    let tasks = Tasks::new(move || {
        let _ = telling.send_event(Event::Woken);
    });
    let count = Count::default();
    let receiving: Receiving = Box::pin(receiving(count.clone()));
    let receiving = Some(receiving);
    let mut app = App { tasks, proxy, receiving, rounds: 0, woken: 0 };
    event_loop.run_app_on_demand(&mut app)?;
    Ok(format!("{} received, woken {} times", count.get(), app.woken))
}

// ANCHOR: main
fn main() -> Result<(), Box<dyn Error>> {
    let mut ui = screen::event_loop()?;
    let runtime = Runtime::new()?;
    let small = Builder::new_current_thread().build()?;

    let seen = runtime.block_on(async { run(&mut ui, receive) })?;
    println!("block_on: {seen}");
    let seen = small.block_on(async { run(&mut ui, receive) })?;
    println!("block_on, current thread: {seen}");

    println!("beside the runtime: {}", run(&mut ui, receive)?);

    let free = |count| unconstrained(receive(count));
    let seen = runtime.block_on(async { run(&mut ui, free) })?;
    println!("the task unconstrained: {seen}");

    let seen =
        runtime.block_on(async { block_in_place(|| run(&mut ui, receive)) })?;
    println!("the loop in block_in_place: {seen}");

    let seen = runtime.block_on(async { run(&mut ui, receive_ours) })?;
    println!("a channel that is not Tokio's: {seen}");
    Ok(())
}
// ANCHOR_END: main
