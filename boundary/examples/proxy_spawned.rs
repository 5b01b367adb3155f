//! `spawn` in `resumed`: the loop handles clicks while setup runs, and hears
//! from setup as it hears from the user.

use std::error::Error;
use std::thread;

use boundary::proxy::screen;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::{Window, WindowId};

enum Event {
    Click(u32),
    Done,
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

struct App {
    proxy: EventLoopProxy<Event>,
    runtime: Runtime,
    window: Option<Window>,
}

// ANCHOR: handler
impl ApplicationHandler<Event> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.window = event_loop.create_window(Default::default()).ok();
        println!("resumed: setup starts");
        let proxy = self.proxy.clone();
        self.runtime.spawn(async move {
            setup(proxy.clone()).await;
            let _ = proxy.send_event(Event::Done);
        });
        println!("resumed: returns");
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: Event) {
        match event {
            Event::Click(n) => println!("click {n}"),
            Event::Done => {
                println!("setup is done");
                event_loop.exit();
            }
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
    let mut app = App {
        proxy: event_loop.create_proxy(),
        runtime: Runtime::new()?,
        window: None,
    };
    event_loop.run_app(&mut app)?;
    Ok(())
}
