//! Way 4: a task of Tokio awaits, puts the result into a channel and wakes the
//! loop.

use std::sync::mpsc::Receiver;

use tokio::runtime::Handle;
use winit::event_loop::EventLoopProxy;

use super::same::{Crossing, Event, Gpu};
use crate::proxy::channel::{Sender, channel};

// ANCHOR: way
#[derive(Debug)]
pub struct Inbox {
    tokio: Handle,
    sender: Sender<Gpu>,
    inbox: Receiver<Gpu>,
}

impl Inbox {
    /// `proxy` is used to wake the loop, and for nothing else.
    pub fn new(tokio: Handle, proxy: EventLoopProxy<Event>) -> Inbox {
        let (sender, inbox) = channel(move || {
            let _ = proxy.send_event(Event::Wake);
        });
        Inbox { tokio, sender, inbox }
    }
}

impl Crossing for Inbox {
    fn start<F>(&mut self, setup: F) -> Option<Gpu>
    where
        F: Future<Output = Gpu> + Send + 'static,
    {
        let sender = self.sender.clone();
        self.tokio.spawn(async move { sender.send(setup.await) });
        None
    }

    fn event(&mut self, _: Event) -> Option<Gpu> {
        self.inbox.try_recv().ok()
    }
}
// ANCHOR_END: way
