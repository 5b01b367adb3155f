//! `#[tokio::main]` around an event loop, and a task on that loop that
//! receives from a channel of Tokio.

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;

use boundary::proxy::screen;
use boundary::two_loops::tasks::Tasks;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::WindowId;

enum Event {
    Woken,
    Round,
}

struct App {
    tasks: Tasks,
    proxy: EventLoopProxy<Event>,
    messages: Option<UnboundedReceiver<u32>>,
    received: Rc<Cell<u32>>,
    rounds: u32,
    woken: u32,
}

// ANCHOR: app
async fn receive(mut messages: UnboundedReceiver<u32>, count: Rc<Cell<u32>>) {
    while messages.recv().await.is_some() {
        count.set(count.get() + 1);
    }
}

impl ApplicationHandler<Event> for App {
    fn resumed(&mut self, _: &ActiveEventLoop) {
        let Some(messages) = self.messages.take() else { return };
        let count = self.received.clone();
        drop(self.tasks.spawn(receive(messages, count)));
    }

    fn user_event(&mut self, _: &ActiveEventLoop, event: Event) {
        self.woken += u32::from(matches!(event, Event::Woken));
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.tasks.turn();
        self.rounds += 1;
        match self.rounds {
            100 => event_loop.exit(),
            _ => drop(self.proxy.send_event(Event::Round)),
        }
    }
    // ANCHOR_END: app

    fn window_event(
        &mut self,
        _: &ActiveEventLoop,
        _: WindowId,
        _: WindowEvent,
    ) {
    }
}

// ANCHOR: main
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (sender, messages) = unbounded_channel();
    for n in 1..=1000 {
        sender.send(n)?;
    }
    let event_loop = screen::event_loop()?;
    let proxy = event_loop.create_proxy();
    let telling = proxy.clone();
    let tasks = Tasks::new(move || {
        let _ = telling.send_event(Event::Woken);
    });
    let mut app = App {
        tasks,
        proxy,
        messages: Some(messages),
        received: Rc::default(),
        rounds: 0,
        woken: 0,
    };
    event_loop.run_app(&mut app)?;
    let (n, rounds) = (app.received.get(), app.rounds);
    println!("received {n} of 1000 messages in {rounds} rounds of the loop");
    println!("woken {} times after the first poll", app.woken);
    Ok(())
}
// ANCHOR_END: main
