//! A task on the thread of a loop whose waker tells nobody: it goes on when
//! something else happens.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use boundary::two_loops::model::{EventLoop, Handler, Proxy};
use listings::runtimes::executor::Executor;
use listings::wakers::oneshot::closed::{self as oneshot, Sender};

enum Event {
    Click(u32),
}

// ANCHOR: outside
/// The user clicks, a worker answers, and the user clicks once more.
fn outside(proxy: Proxy<Event>, handled: Receiver<()>, answer: Sender<u32>) {
    proxy.send_event(Event::Click(1));
    let _ = handled.recv();
    println!("the worker has an answer");
    let _ = answer.send(42);
    proxy.send_event(Event::Click(2));
}
// ANCHOR_END: outside

// ANCHOR: handler
struct App {
    executor: Executor,
    name: Rc<str>,
    answer: Option<oneshot::Receiver<u32>>,
    handled: mpsc::Sender<()>,
}

impl Handler<Event> for App {
    fn resumed(&mut self) {
        let Some(answer) = self.answer.take() else { return };
        let name = self.name.clone();
        drop(self.executor.spawner().spawn(async move {
            println!("task of {name}: {:?}", answer.await);
        }));
        self.executor.run_until_stalled();
    }

    fn event(&mut self, event: Event) -> ControlFlow<()> {
        let Event::Click(n) = event;
        println!("click {n}");
        self.executor.run_until_stalled();
        let _ = self.handled.send(());
        match n {
            2 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}
// ANCHOR_END: handler

fn main() {
    let event_loop = EventLoop::new();
    let proxy = event_loop.proxy();
    let (answer, asked) = oneshot::channel();
    let (handled, is_handled) = mpsc::channel();
    let user = thread::spawn(move || outside(proxy, is_handled, answer));
    let mut app = App {
        executor: Executor::default(),
        name: "the window".into(),
        answer: Some(asked),
        handled,
    };
    event_loop.run(&mut app);
    user.join().expect("it sends, and does not panic");
}
