//! `block_on` in `resumed`: while setup runs, nobody handles a click.

use std::error::Error;
use std::thread;

use boundary::proxy::screen;
use listings::wakers::block_on::flag::block_on;
use tokio::sync::oneshot;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::{Window, WindowId};

// ANCHOR: setup
enum Event {
    Click(u32),
}

/// Takes as long as a user needs for three clicks. A thread is that user.
async fn setup(proxy: EventLoopProxy<Event>) {
    let (done, clicked) = oneshot::channel();
    thread::spawn(move || {
        for n in 1..=3 {
            let _ = proxy.send_event(Event::Click(n));
        }
        let _ = done.send(());
    });
    let _ = clicked.await;
}
// ANCHOR_END: setup

struct App {
    proxy: EventLoopProxy<Event>,
    window: Option<Window>,
}

// ANCHOR: handler
impl ApplicationHandler<Event> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.window = event_loop.create_window(Default::default()).ok();
        println!("resumed: setup starts");
        block_on(setup(self.proxy.clone()));
        println!("resumed: setup is done");
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: Event) {
        let Event::Click(n) = event;
        println!("click {n}");
        if n == 3 {
            event_loop.exit();
        }
    }
    // ANCHOR_END: handler

    fn window_event(
        &mut self,
        _: &ActiveEventLoop,
        _: WindowId,
        _: WindowEvent,
    ) {
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = screen::event_loop()?;
    let mut app = App { proxy: event_loop.create_proxy(), window: None };
    event_loop.run_app(&mut app)?;
    Ok(())
}
