//! A shop that takes a piece from the stock before it waits for the payment.

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

/// A piece that is kept for a buyer. Dropped, it goes back.
struct Kept<'a> {
    shop: &'a Shop,
    sold: bool,
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        if !self.sold {
            self.shop.stock.set(self.shop.stock.get() + 1);
        }
    }
}

/// Sells a piece, if there is one and `payment` gives `true`.
pub async fn buy(shop: &Shop, payment: impl Future<Output = bool>) -> bool {
    let Some(rest) = shop.stock.get().checked_sub(1) else { return false };
    shop.stock.set(rest);
    let mut kept = Kept { shop, sold: false };
    kept.sold = payment.await;
    kept.sold
}
