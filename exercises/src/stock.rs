//! Exercise to runtimes/testing.html: a seed finds the shop that sells its last piece twice.

use std::cell::Cell;

/// A shop with some pieces.
pub struct Shop {
    stock: Cell<u32>,
}

impl Shop {
    pub fn new(stock: u32) -> Shop {
        Shop { stock: Cell::new(stock) }
    }

    /// How many pieces a buyer could take now.
    pub fn stock(&self) -> u32 {
        self.stock.get()
    }
}

// ANCHOR: stub
/// Sells a piece, if there is one and `payment` gives `true`. Repair it: no
/// piece is sold twice. A piece whose payment fails goes back, and so does
/// one whose buyer is dropped while the payment runs.
pub async fn buy(shop: &Shop, payment: impl Future<Output = bool>) -> bool {
    if shop.stock.get() == 0 {
        return false;
    }
    let paid = payment.await;
    if paid {
        shop.stock.set(shop.stock.get().saturating_sub(1));
    }
    paid
}
// ANCHOR_END: stub
