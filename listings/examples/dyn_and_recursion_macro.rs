//! The macro, and by hand what it writes, in the same trait.

use std::pin::Pin;

use async_trait::async_trait;
use listings::futures::poll::countdown::countdown;
use listings::pinning::dyn_and_recursion::by_hand;
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

// The same for the other shop, without the macro.
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
    let far = Supplier { far: 2 };
    let macros = Catalog::price(&Shelf, "tea");
    let ours = by_hand::Catalog::price(&far, "tea");
    println!("by the macro: {} bytes", size_of_val(&macros));
    println!("by hand:      {} bytes", size_of_val(&ours));

    // One type: what the two traits return fits into one list.
    for price in [macros, ours] {
        println!("{}", pollster::block_on(price));
    }

    // One trait: both implementations can be behind its `dyn`.
    let catalogs: [Box<dyn Catalog>; 2] = [Box::new(Shelf), Box::new(far)];
    for catalog in catalogs {
        println!("{}", pollster::block_on(catalog.price("milk")));
    }
}
