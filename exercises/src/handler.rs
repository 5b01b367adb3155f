//! Exercise to boundary/crossings.html: call a method that returns a boxed
//! future, in a loop that cannot await.

use std::pin::Pin;

// ANCHOR: stub
/// What an application implements in place of the trait of its event loop.
pub trait AsyncHandler {
    /// Handles an event. It may wait in the middle.
    fn event(&mut self, event: u32) -> Pin<Box<dyn Future<Output = ()> + '_>>;
}

/// Runs an application on the thread of a loop that cannot await.
pub struct Adapter {
    // Your fields.
}

impl Adapter {
    /// `wake_loop` may be called on any thread, and then the loop calls
    /// `woken`.
    pub fn new(
        app: Box<dyn AsyncHandler>,
        wake_loop: impl Fn() + Send + Sync + 'static,
    ) -> Adapter {
        let _ = (app, wake_loop);
        todo!("one future owns the application, and awaits its method")
    }

    /// The loop calls this for each event. It returns at once. The application
    /// handles one event after the other, in their order.
    pub fn event(&mut self, event: u32) {
        let _ = event;
        todo!("the application may still wait in an earlier event")
    }

    /// The loop calls this after `wake_loop`.
    pub fn woken(&mut self) {
        todo!("poll once")
    }
}
// ANCHOR_END: stub
