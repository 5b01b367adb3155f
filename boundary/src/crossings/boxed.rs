//! Way 6: a trait of our own with an async method. Its future is boxed, and
//! somebody has to poll it: another of the ways.

use std::pin::Pin;

use super::same::{Crossing, Event, Gpu};

// ANCHOR: way
/// What an application may implement instead of winit's trait.
pub trait AsyncResumed {
    fn resumed(self: Box<Self>) -> Pin<Box<dyn Future<Output = Gpu> + Send>>;
}

/// Stands for an application. Its async method runs the setup.
struct Demo<F>(F);

impl<F: Future<Output = Gpu> + Send + 'static> AsyncResumed for Demo<F> {
    fn resumed(self: Box<Self>) -> Pin<Box<dyn Future<Output = Gpu> + Send>> {
        Box::pin(self.0)
    }
}

/// The field is the way in which the boxed future runs.
#[derive(Debug)]
pub struct Boxed<C>(pub C);

impl<C: Crossing> Crossing for Boxed<C> {
    fn start<F>(&mut self, setup: F) -> Option<Gpu>
    where
        F: Future<Output = Gpu> + Send + 'static,
    {
        let app: Box<dyn AsyncResumed> = Box::new(Demo(setup));
        self.0.start(app.resumed())
    }

    fn event(&mut self, event: Event) -> Option<Gpu> {
        self.0.event(event)
    }
}
// ANCHOR_END: way
