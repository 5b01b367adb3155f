//! winit 0.31: three values through a channel, each followed by a wake that
//! carries nothing.

use std::error::Error;
use std::sync::mpsc::Receiver;
use std::thread;

use boundary::proxy::channel::{Sender, channel};
use winit_031::application::ApplicationHandler;
use winit_031::event::WindowEvent;
use winit_031::event_loop::{ActiveEventLoop, EventLoop};
use winit_031::window::WindowId;

// ANCHOR: handler
struct App {
    inbox: Receiver<u32>,
    worker: Option<Sender<u32>>,
}

impl ApplicationHandler for App {
    fn can_create_surfaces(&mut self, _: &dyn ActiveEventLoop) {
        // Here a window and its surface are made, for the first time or anew.
        let Some(sender) = self.worker.take() else { return };
        println!("a worker starts");
        thread::spawn(move || {
            for value in 1..=3 {
                let _ = sender.send(value);
            }
        });
    }

    fn proxy_wake_up(&mut self, event_loop: &dyn ActiveEventLoop) {
        // One call may stand for several wakes: take all there is.
        while let Ok(value) = self.inbox.try_recv() {
            println!("the loop has {value}");
            if value == 3 {
                event_loop.exit();
            }
        }
    }
    // ANCHOR_END: handler

    fn window_event(
        &mut self,
        _: &dyn ActiveEventLoop,
        _: WindowId,
        _: WindowEvent,
    ) {
    }
}

// ANCHOR: main
fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = EventLoop::new()?;
    let proxy = event_loop.create_proxy();
    let (worker, inbox) = channel(move || proxy.wake_up());
    event_loop.run_app(App { inbox, worker: Some(worker) })?;
    Ok(())
}
// ANCHOR_END: main
