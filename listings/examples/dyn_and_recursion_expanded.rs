//! Implements by hand a trait that `async_trait` has written.

use std::pin::Pin;

use async_trait::async_trait;
use listings::futures::poll::countdown::countdown;
use listings::pinning::dyn_and_recursion::plain::Supplier;

#[async_trait]
trait Catalog {
    async fn price(&self, item: &str) -> u32;
}

impl Catalog for Supplier {
    fn price<'s, 'i, 'f>(
        &'s self,
        item: &'i str,
    ) -> Pin<Box<dyn Future<Output = u32> + Send + 'f>>
    where
        's: 'f,
        'i: 'f,
        Self: 'f,
    {
        Box::pin(async move {
            countdown(self.far).await;
            50 * item.len() as u32
        })
    }
}

fn main() {
    let catalog: Box<dyn Catalog> = Box::new(Supplier { far: 2 });
    println!("{}", pollster::block_on(catalog.price("milk")));
}
