//! Way 3: a task of Tokio awaits, and sends the result as a user event.

use tokio::runtime::Handle;
use winit::event_loop::EventLoopProxy;

use super::same::{Crossing, Event, Gpu};

// ANCHOR: way
#[derive(Debug)]
pub struct OnTokio {
    pub tokio: Handle,
    pub proxy: EventLoopProxy<Event>,
}

impl Crossing for OnTokio {
    fn start<F>(&mut self, setup: F) -> Option<Gpu>
    where
        F: Future<Output = Gpu> + Send + 'static,
    {
        let proxy = self.proxy.clone();
        self.tokio.spawn(async move {
            let gpu = setup.await;
            // An error says that the loop has ended.
            let _ = proxy.send_event(Event::Done(gpu));
        });
        None
    }
}
// ANCHOR_END: way
