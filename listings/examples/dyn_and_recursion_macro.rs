//! Asks two shops behind one `dyn`, with the macro `async_trait`.

use async_trait::async_trait;
use listings::futures::poll::countdown::countdown;
use listings::pinning::dyn_and_recursion::plain::{Shelf, Supplier};

#[async_trait]
trait Catalog {
    async fn price(&self, item: &str) -> u32;
}

#[async_trait]
impl Catalog for Shelf {
    async fn price(&self, item: &str) -> u32 {
        100 * item.len() as u32
    }
}

#[async_trait]
impl Catalog for Supplier {
    async fn price(&self, item: &str) -> u32 {
        countdown(self.far).await;
        50 * item.len() as u32
    }
}

fn main() {
    let catalogs: [Box<dyn Catalog>; 2] =
        [Box::new(Shelf), Box::new(Supplier { far: 2 })];
    for catalog in catalogs {
        println!("{}", pollster::block_on(catalog.price("milk")));
    }
}
