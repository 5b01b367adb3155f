//! An event loop that is not an executor, and runs one beside its own events.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Wake, Waker};

use listings::runtimes::executor::Executor;
use listings::wakers::block_on::job::ask;

#[derive(Debug)]
enum Event {
    Tasks,
    Quit,
}

// ANCHOR: waker
/// Its wake is an event.
struct Told(Sender<Event>);

impl Wake for Told {
    fn wake(self: Arc<Self>) {
        // An error means that the loop has ended.
        let _ = self.0.send(Event::Tasks);
    }
}

fn main() {
    let (sender, events) = channel();
    let waker = Waker::from(Arc::new(Told(sender.clone())));
    let mut cx = Context::from_waker(&waker);

    let executor = Executor::default();
    drop(executor.spawner().spawn(async move {
        println!("the answer is {}", ask(|| 42).await);
        let _ = sender.send(Event::Quit);
    }));
    executor.run_once(&mut cx);
    for event in events {
        println!("event: {event:?}");
        match event {
            Event::Tasks => executor.run_once(&mut cx),
            Event::Quit => break,
        };
    }
}
// ANCHOR_END: waker
