//! A task on the thread of a loop whose waker puts an event into the queue.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use boundary::two_loops::model::{EventLoop, Handler, Proxy};
use boundary::two_loops::tasks::Tasks;
use listings::wakers::oneshot::closed::{self as oneshot, Sender};

enum Event {
    Click(u32),
    Woken,
}

/// The user clicks, a worker answers, and the user clicks once more.
fn outside(proxy: Proxy<Event>, handled: Receiver<()>, answer: Sender<u32>) {
    proxy.send_event(Event::Click(1));
    let _ = handled.recv();
    println!("the worker has an answer");
    let _ = answer.send(42);
    proxy.send_event(Event::Click(2));
}

// ANCHOR: handler
struct App {
    tasks: Tasks,
    name: Rc<str>,
    answer: Option<oneshot::Receiver<u32>>,
    handled: mpsc::Sender<()>,
}

impl Handler<Event> for App {
    fn resumed(&mut self) {
        let Some(answer) = self.answer.take() else { return };
        let name = self.name.clone();
        drop(self.tasks.spawn(async move {
            println!("task of {name}: {:?}", answer.await);
        }));
        self.tasks.turn();
    }

    fn event(&mut self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Woken => self.tasks.turn(),
            Event::Click(n) => {
                println!("click {n}");
                let _ = self.handled.send(());
                if n == 2 {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }
}
// ANCHOR_END: handler

fn main() {
    let event_loop = EventLoop::new();
    let proxy = event_loop.proxy();
    let (answer, asked) = oneshot::channel();
    let (handled, is_handled) = mpsc::channel();
    let user = thread::spawn(move || outside(proxy, is_handled, answer));
    // ANCHOR: tasks
    let proxy = event_loop.proxy();
    let tasks = Tasks::new(move || proxy.send_event(Event::Woken));
    // ANCHOR_END: tasks
    let mut app =
        App { tasks, name: "the window".into(), answer: Some(asked), handled };
    event_loop.run(&mut app);
    user.join().expect("it sends, and does not panic");
}
