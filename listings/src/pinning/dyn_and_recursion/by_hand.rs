//! A trait that returns a boxed future, for shops that are known at run time.

use super::plain::{Shelf, Supplier};
use crate::futures::poll::countdown::countdown;

// ANCHOR: catalog
use std::pin::Pin;

/// Something that knows prices.
pub trait Catalog {
    /// The price of `item` in cents.
    fn price<'a>(
        &'a self,
        item: &'a str,
    ) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>>;
}

impl Catalog for Supplier {
    fn price<'a>(
        &'a self,
        item: &'a str,
    ) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
        Box::pin(async move {
            countdown(self.far).await;
            50 * item.len() as u32
        })
    }
}

/// The best price for `item`, or `None` if there is no catalog.
pub async fn best(catalogs: &[Box<dyn Catalog>], item: &str) -> Option<u32> {
    let mut best = None;
    for catalog in catalogs {
        let price = catalog.price(item).await;
        best = Some(best.unwrap_or(price).min(price));
    }
    best
}
// ANCHOR_END: catalog

impl Catalog for Shelf {
    fn price<'a>(
        &'a self,
        item: &'a str,
    ) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
        Box::pin(async move { 100 * item.len() as u32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shops_of_different_types_are_asked_in_turn() {
        let catalogs: [Box<dyn Catalog>; 2] =
            [Box::new(Shelf), Box::new(Supplier { far: 2 })];
        assert_eq!(pollster::block_on(best(&catalogs, "tea")), Some(150));
    }

    #[test]
    fn no_shop_has_no_price() {
        assert_eq!(pollster::block_on(best(&[], "tea")), None);
    }
}
