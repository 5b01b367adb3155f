//! A trait with an async function whose future may go to another thread.

use super::plain::{Shelf, Supplier};
use crate::futures::poll::countdown::countdown;

// ANCHOR: catalog
use tokio::task::JoinHandle;

/// Something that knows prices.
pub trait Catalog {
    /// The price of `item` in cents.
    fn price(&self, item: &str) -> impl Future<Output = u32> + Send;
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

/// Starts to ask, as a task of Tokio's.
///
/// # Panics
///
/// Outside of Tokio.
pub fn start<C>(catalog: C) -> JoinHandle<u32>
where
    C: Catalog + Send + 'static,
{
    tokio::spawn(breakfast(catalog))
}
// ANCHOR_END: catalog

impl Catalog for Shelf {
    async fn price(&self, item: &str) -> u32 {
        100 * item.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_breakfast_from_any_shop_may_be_spawned() {
        assert_eq!(start(Shelf).await.ok(), Some(700));
        assert_eq!(start(Supplier { far: 2 }).await.ok(), Some(350));
    }
}
