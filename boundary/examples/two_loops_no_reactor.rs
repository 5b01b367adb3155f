//! A task on the thread of a loop wants a timer of Tokio, which lives with a
//! runtime and not with the loop.

use std::error::Error;
use std::ops::ControlFlow;
use std::time::Duration;

use boundary::two_loops::model::{EventLoop, Handler, Proxy};
use boundary::two_loops::tasks::Tasks;
use tokio::runtime::{Handle, Runtime};
use tokio::time::sleep;

enum Event {
    Woken,
    Quit,
}

struct App {
    tasks: Tasks,
    proxy: Proxy<Event>,
    runtime: Handle,
}

// ANCHOR: handler
const SHORT: Duration = Duration::from_millis(10);

impl Handler<Event> for App {
    fn resumed(&mut self) {
        let (runtime, proxy) = (self.runtime.clone(), self.proxy.clone());
        let here = self.tasks.spawn(async { sleep(SHORT).await });
        drop(self.tasks.spawn(async move {
            println!("on the loop: {:?}", here.await);
            let there = runtime.spawn(async { sleep(SHORT).await });
            println!("on the runtime: {:?}", there.await);
            let timer = {
                let _guard = runtime.enter();
                sleep(SHORT)
            };
            timer.await;
            println!("on the loop, made in `enter`: it has slept");
            proxy.send_event(Event::Quit);
        }));
        self.tasks.turn();
    }
    // ANCHOR_END: handler

    fn event(&mut self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Woken => self.tasks.turn(),
            Event::Quit => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    let event_loop = EventLoop::new();
    let proxy = event_loop.proxy();
    let telling = proxy.clone();
    let tasks = Tasks::new(move || telling.send_event(Event::Woken));
    let mut app = App { tasks, proxy, runtime: runtime.handle().clone() };
    event_loop.run(&mut app);
    Ok(())
}
