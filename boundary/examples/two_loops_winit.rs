//! A task on the thread of a window: it shares the window in an `Rc`, and a
//! user event is its wake.

use std::error::Error;
use std::rc::Rc;
use std::thread;

use boundary::proxy::screen;
use boundary::two_loops::tasks::Tasks;
use tokio::sync::oneshot;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::window::{Window, WindowId};

// ANCHOR: handler
enum Event {
    /// A task was woken.
    Woken,
    /// A task asks the loop to end.
    Quit,
}

struct App {
    tasks: Tasks,
    proxy: EventLoopProxy<Event>,
    failure: Option<Box<dyn Error>>,
}

impl ApplicationHandler<Event> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        match event_loop.create_window(Default::default()) {
            Ok(window) => {
                let proxy = self.proxy.clone();
                drop(self.tasks.spawn(count_mail(Rc::new(window), proxy)));
                println!("resumed: polls the new task");
                self.tasks.turn();
            }
            Err(why) => {
                self.failure = Some(why.into());
                event_loop.exit();
            }
        }
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: Event) {
        match event {
            Event::Woken => self.tasks.turn(),
            Event::Quit => event_loop.exit(),
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

// ANCHOR: task
async fn count_mail(window: Rc<Window>, proxy: EventLoopProxy<Event>) {
    let (answer, asked) = oneshot::channel();
    println!("task: asks a worker");
    thread::spawn(move || answer.send(3));
    if let Ok(unread) = asked.await {
        window.set_title(&format!("{unread} unread"));
        println!("task: the title says that {unread} are unread");
    }
    let _ = proxy.send_event(Event::Quit);
}
// ANCHOR_END: task

// ANCHOR: main
fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = screen::event_loop()?;
    let proxy = event_loop.create_proxy();
    let telling = proxy.clone();
    let tasks = Tasks::new(move || {
        // An error says that the loop has ended.
        let _ = telling.send_event(Event::Woken);
    });
    let mut app = App { tasks, proxy, failure: None };
    event_loop.run_app(&mut app)?;
    app.failure.map_or(Ok(()), Err)
}
// ANCHOR_END: main
