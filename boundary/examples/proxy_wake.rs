//! A channel into an event loop, and a wake after each value.

use std::error::Error;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use boundary::proxy::channel::{Sender, channel};
use boundary::proxy::screen;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::WindowId;

/// What a user event of this program says.
type Who = &'static str;

struct App {
    inbox: Receiver<&'static str>,
    worker: Option<Sender<&'static str>>,
    proxy: EventLoopProxy<Who>,
}

impl ApplicationHandler<Who> for App {
    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        // Several events may come before one look: take all there is.
        while let Ok(value) = self.inbox.try_recv() {
            println!("the loop has {value}");
            event_loop.exit();
        }
        if let Some(sender) = self.worker.take() {
            println!("the loop goes to sleep");
            start(sender, self.proxy.clone());
        }
    }

    fn user_event(&mut self, _: &ActiveEventLoop, who: Who) {
        println!("{who} wakes the loop");
    }

    fn resumed(&mut self, _: &ActiveEventLoop) {}

    fn window_event(
        &mut self,
        _: &ActiveEventLoop,
        _: WindowId,
        _: WindowEvent,
    ) {
    }
}

// ANCHOR: main
/// A worker that sends one value, and a watchdog that wakes the loop when it
/// still sleeps after that.
fn start(sender: Sender<&'static str>, proxy: EventLoopProxy<Who>) {
    thread::spawn(move || {
        println!("the worker sends a value");
        let _ = sender.send("a triangle");
        thread::sleep(Duration::from_millis(300));
        let _ = proxy.send_event("the watchdog");
    });
}

fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = screen::event_loop()?;
    let proxy = event_loop.create_proxy();
    let waking = proxy.clone();
    let (worker, inbox) = channel(move || {
        let _ = waking.send_event("the worker");
    });
    let mut app = App { inbox, worker: Some(worker), proxy };
    event_loop.run_app(&mut app)?;
    Ok(())
}
// ANCHOR_END: main
