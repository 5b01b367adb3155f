//! The checkout as an `async fn`.

// ANCHOR: checkout
use super::shop::{Receipt, Shop, confirm};

/// Buys what is in the cart of `customer`.
///
/// Cancel safety: none. Dropped while the card is being charged, it does not
/// know whether the money is gone.
///
/// # Panics
/// When the cart is empty.
pub async fn checkout(shop: &Shop, customer: u32) -> Receipt {
    let cart = shop.load_cart(customer).await;
    let payment = shop.charge(cart.total()).await;
    confirm(&cart, payment)
}
// ANCHOR_END: checkout

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::Trace;

    #[test]
    fn the_customer_pays_for_what_is_in_the_cart() {
        let shop = Shop::new(&Trace::new("A shop", "It has a cart."));
        let receipt = pollster::block_on(checkout(&shop, 7));
        let expected = Receipt { items: vec!["tea", "cup"], cents: 1650 };
        assert_eq!(receipt, expected);
    }

    #[test]
    fn the_call_asks_no_server() {
        let trace = Trace::new("A shop", "It has a cart.");
        let shop = Shop::new(&trace);
        drop(checkout(&shop, 7));
        assert!(trace.events().is_empty());
    }
}
