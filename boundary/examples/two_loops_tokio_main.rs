//! `#[tokio::main]` around an event loop: a spawned task runs, and the rest of
//! main's own future does not.

use std::error::Error;

use boundary::proxy::screen;
use tokio::task::yield_now;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::WindowId;

struct Quit;

struct App;

impl ApplicationHandler<Quit> for App {
    fn resumed(&mut self, _: &ActiveEventLoop) {}

    fn window_event(
        &mut self,
        _: &ActiveEventLoop,
        _: WindowId,
        _: WindowEvent,
    ) {
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, _: Quit) {
        event_loop.exit();
    }
}

// ANCHOR: main
async fn three_steps(who: &str) {
    for step in 1..=3 {
        println!("{who}: step {step}");
        yield_now().await;
    }
}

async fn spawned(proxy: EventLoopProxy<Quit>) {
    three_steps("a spawned task").await;
    // An error would say that the loop has ended.
    let _ = proxy.send_event(Quit);
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = screen::event_loop()?;
    tokio::spawn(spawned(event_loop.create_proxy()));
    let window = async {
        let result = event_loop.run_app(&mut App);
        println!("the event loop has ended");
        result
    };
    let (result, ()) = tokio::join!(window, three_steps("main's future"));
    Ok(result?)
}
// ANCHOR_END: main
