//! Tokio beside a window's loop: `main` is not async, and keeps the runtime;
//! the application has a `Handle`, a channel to a task, and results as events.

use std::error::Error;

use boundary::proxy::screen;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::mpsc::{
    UnboundedReceiver, UnboundedSender, unbounded_channel,
};
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::WindowId;

// ANCHOR: app
struct Answer(u32);

struct App {
    runtime: Handle,
    proxy: EventLoopProxy<Answer>,
    questions: Option<UnboundedSender<u32>>,
}

/// Runs on a worker. It ends when the application drops its sender.
async fn squares(
    mut questions: UnboundedReceiver<u32>,
    proxy: EventLoopProxy<Answer>,
) {
    while let Some(n) = questions.recv().await {
        let _ = proxy.send_event(Answer(n * n));
    }
}

impl ApplicationHandler<Answer> for App {
    fn resumed(&mut self, _: &ActiveEventLoop) {
        let (sender, receiver) = unbounded_channel();
        self.runtime.spawn(squares(receiver, self.proxy.clone()));
        for n in 2..=4 {
            // This `send` never waits, so a handler may call it.
            let _ = sender.send(n);
        }
        self.questions = Some(sender);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, Answer(n): Answer) {
        println!("the loop has {n}");
        if n == 16 {
            event_loop.exit();
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
fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    let event_loop = screen::event_loop()?;
    let mut app = App {
        runtime: runtime.handle().clone(),
        proxy: event_loop.create_proxy(),
        questions: None,
    };
    event_loop.run_app(&mut app)?;
    // Here the runtime is dropped, and its tasks with it.
    Ok(())
}
// ANCHOR_END: main
