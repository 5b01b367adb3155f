//! Way 1: the handler blocks until setup is done.

use pollster::block_on;

use super::same::{Crossing, Gpu};

// ANCHOR: way
#[derive(Debug)]
pub struct Blocked;

impl Crossing for Blocked {
    fn start<F>(&mut self, setup: F) -> Option<Gpu>
    where
        F: Future<Output = Gpu> + Send + 'static,
    {
        Some(block_on(setup))
    }
}
// ANCHOR_END: way
