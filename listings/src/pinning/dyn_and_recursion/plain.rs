//! An async function in a trait.

// ANCHOR: catalog
use crate::futures::poll::countdown::countdown;

/// Something that knows prices.
#[expect(async_fn_in_trait, reason = "the chapter shows what it warns of")]
pub trait Catalog {
    /// The price of `item` in cents.
    async fn price(&self, item: &str) -> u32;
}

/// A shop that has its prices at hand.
#[derive(Debug)]
pub struct Shelf;

impl Catalog for Shelf {
    async fn price(&self, item: &str) -> u32 {
        100 * item.len() as u32
    }
}

/// A shop that has to ask first.
#[derive(Debug)]
pub struct Supplier {
    /// How often it has to be polled again for an answer.
    pub far: u32,
}

impl Catalog for Supplier {
    async fn price(&self, item: &str) -> u32 {
        countdown(self.far).await;
        50 * item.len() as u32
    }
}

/// What tea and milk cost together.
pub async fn breakfast<C: Catalog>(catalog: C) -> u32 {
    catalog.price("tea").await + catalog.price("milk").await
}
// ANCHOR_END: catalog

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shop_answers_in_its_own_way() {
        assert_eq!(pollster::block_on(breakfast(Shelf)), 700);
        assert_eq!(pollster::block_on(breakfast(Supplier { far: 2 })), 350);
    }

    #[test]
    fn each_shop_has_a_future_of_its_own_type() {
        let (near, far) = (Shelf.price("tea"), Supplier { far: 2 });
        assert!(size_of_val(&near) < size_of_val(&far.price("tea")));
    }

    #[tokio::test]
    async fn a_breakfast_from_a_known_shop_may_be_spawned() {
        let task = tokio::spawn(breakfast(Supplier { far: 2 }));
        assert_eq!(task.await.ok(), Some(350));
    }
}
