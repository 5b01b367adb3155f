use std::cell::Cell;

use listings::pinning::dyn_and_recursion::bound::Catalog;

struct Counting {
    asked: Cell<u32>,
}

impl Catalog for Counting {
    async fn price(&self, item: &str) -> u32 {
        self.asked.set(self.asked.get() + 1);
        item.len() as u32
    }
}

fn main() {}
