//! A task that wakes itself a thousand times: where it is polled decides
//! whether the loop handles anything else meanwhile.

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;

use boundary::proxy::screen;
use boundary::two_loops::tasks::Tasks;
use listings::runtimes::executor::yield_now::yield_now;
use winit::application::ApplicationHandler;
use winit::event::{StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, EventLoop, EventLoopProxy};
use winit::platform::run_on_demand::EventLoopExtRunOnDemand;
use winit::window::WindowId;

struct Woken;

struct App {
    tasks: Tasks,
    in_user_event: bool,
    polls: Rc<Cell<u32>>,
    /// How many rounds the loop has begun since the first poll.
    rounds: u32,
}

impl ApplicationHandler<Woken> for App {
    fn resumed(&mut self, _: &ActiveEventLoop) {
        let polls = self.polls.clone();
        drop(self.tasks.spawn(async move {
            for _ in 0..1000 {
                polls.set(polls.get() + 1);
                yield_now().await;
            }
        }));
        if self.in_user_event {
            self.tasks.turn();
        }
    }

    fn window_event(
        &mut self,
        _: &ActiveEventLoop,
        _: WindowId,
        _: WindowEvent,
    ) {
    }

    // ANCHOR: handlers
    fn new_events(&mut self, _: &ActiveEventLoop, _: StartCause) {
        // Called when a round of the loop begins.
        if (1..1000).contains(&self.polls.get()) {
            self.rounds += 1;
        }
    }

    fn user_event(&mut self, _: &ActiveEventLoop, _: Woken) {
        if self.in_user_event {
            self.tasks.turn();
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        if !self.in_user_event {
            self.tasks.turn();
        }
        if self.polls.get() == 1000 {
            event_loop.exit();
        }
    }
    // ANCHOR_END: handlers
}

fn run(
    event_loop: &mut EventLoop<Woken>,
    in_user_event: bool,
) -> Result<u32, Box<dyn Error>> {
    let proxy: EventLoopProxy<Woken> = event_loop.create_proxy();
    let tasks = Tasks::new(move || {
        let _ = proxy.send_event(Woken);
    });
    let polls = Rc::new(Cell::new(0));
    let mut app = App { tasks, in_user_event, polls, rounds: 0 };
    event_loop.run_app_on_demand(&mut app)?;
    Ok(app.rounds)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut event_loop = screen::event_loop()?;
    let rounds = run(&mut event_loop, true)?;
    println!("polled in user_event: {rounds} rounds between the polls");
    let rounds = run(&mut event_loop, false)?;
    let many = rounds >= 999;
    println!("polled in about_to_wait: at least 999 rounds: {many}");
    Ok(())
}
