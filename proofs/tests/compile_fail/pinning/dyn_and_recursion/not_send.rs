use std::rc::Rc;

use listings::futures::poll::countdown::countdown;
use listings::pinning::dyn_and_recursion::bound::Catalog;

struct Shared;

impl Catalog for Shared {
    async fn price(&self, item: &str) -> u32 {
        let item = Rc::new(item);
        countdown(1).await;
        item.len() as u32
    }
}

fn main() {}
