//! Timers of a window's own loop: `WaitUntil` the first deadline.

use std::error::Error;
use std::time::{Duration, Instant};

use boundary::proxy::screen;
use boundary::two_loops::alarms::Alarms;
use boundary::two_loops::tasks::Tasks;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoopProxy};
use winit::window::WindowId;

enum Event {
    Woken,
    Quit,
}

struct App {
    tasks: Tasks,
    alarms: Alarms,
    proxy: EventLoopProxy<Event>,
}

// ANCHOR: handler
impl ApplicationHandler<Event> for App {
    fn resumed(&mut self, _: &ActiveEventLoop) {
        let hour = Instant::now() + Duration::from_secs(60 * 60);
        let late = self.alarms.sleep_until(hour);
        drop(self.tasks.spawn(async move {
            late.await;
            println!("an hour has passed");
        }));

        let (alarms, proxy) = (self.alarms.clone(), self.proxy.clone());
        drop(self.tasks.spawn(async move {
            for n in 1..=3 {
                let next = Instant::now() + Duration::from_millis(20);
                alarms.sleep_until(next).await;
                println!("tick {n}");
            }
            let _ = proxy.send_event(Event::Quit);
        }));
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.alarms.ring(Instant::now());
        self.tasks.turn();
        event_loop.set_control_flow(match self.alarms.first() {
            Some(deadline) => ControlFlow::WaitUntil(deadline),
            None => ControlFlow::Wait,
        });
    }
    // ANCHOR_END: handler

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: Event) {
        match event {
            // `about_to_wait` follows, and gives the tasks their turn.
            Event::Woken => {}
            Event::Quit => event_loop.exit(),
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

fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = screen::event_loop()?;
    let proxy = event_loop.create_proxy();
    let telling = proxy.clone();
    let tasks = Tasks::new(move || {
        let _ = telling.send_event(Event::Woken);
    });
    let mut app = App { tasks, alarms: Alarms::default(), proxy };
    event_loop.run_app(&mut app)?;
    Ok(())
}
