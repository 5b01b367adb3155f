//! Way 2: a thread of its own blocks, and sends the result as a user event.

use std::thread;

use pollster::block_on;
use winit::event_loop::EventLoopProxy;

use super::same::{Crossing, Event, Gpu};

// ANCHOR: way
#[derive(Debug)]
pub struct Thread {
    pub proxy: EventLoopProxy<Event>,
}

impl Crossing for Thread {
    fn start<F>(&mut self, setup: F) -> Option<Gpu>
    where
        F: Future<Output = Gpu> + Send + 'static,
    {
        let proxy = self.proxy.clone();
        thread::spawn(move || {
            let gpu = block_on(setup);
            // An error says that the loop has ended.
            let _ = proxy.send_event(Event::Done(gpu));
        });
        None
    }
}
// ANCHOR_END: way
