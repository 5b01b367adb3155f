//! A shop whose two servers are simulated, and that records who asks them.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::proof::{Trace, Traced};

/// A shop that writes each request into its trace.
pub struct Shop {
    trace: Trace,
}

// ANCHOR: request
/// A request to a server: pending once, then ready with the answer.
#[must_use = "futures do nothing unless polled"]
pub struct Request<T> {
    asked: bool,
    answer: Option<Box<dyn FnOnce() -> T>>,
}

impl<T> Future for Request<T> {
    type Output = T;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        if !self.asked {
            self.asked = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let answer = self.answer.take();
        let answer = answer.expect("`Request` polled after completion");
        Poll::Ready(answer())
    }
}

/// A request that records its polls and its drop. It may be moved, since the
/// request itself is in a box.
pub type Asked<T> = Traced<Request<T>>;
// ANCHOR_END: request

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asked = &self.asked;
        f.debug_struct("Request").field("asked", asked).finish_non_exhaustive()
    }
}

/// What a customer wants to buy. Its drop is recorded.
pub struct Cart {
    items: Vec<(&'static str, u32)>,
    trace: Trace,
}

/// What the bank says about a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    cents: u32,
}

/// What the customer gets in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What was bought.
    pub items: Vec<&'static str>,
    /// What was paid for it.
    pub cents: u32,
}

impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shop").finish_non_exhaustive()
    }
}

impl fmt::Debug for Cart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = &self.items;
        f.debug_struct("Cart").field("items", items).finish_non_exhaustive()
    }
}

impl Shop {
    /// A customer whom the shop does not know.
    pub const NOBODY: u32 = u32::MAX;

    /// A shop that records into `trace`.
    pub fn new(trace: &Trace) -> Shop {
        Shop { trace: trace.clone() }
    }

    /// Asks for the cart of a customer. Customer 0 has an empty one.
    ///
    /// # Panics
    /// When the customer is [`Shop::NOBODY`].
    pub fn load_cart(&self, customer: u32) -> Asked<Cart> {
        assert!(customer != Shop::NOBODY, "the shop knows no such customer");
        let items = match customer {
            0 => vec![],
            _ => vec![("tea", 450), ("cup", 1200)],
        };
        let trace = self.trace.clone();
        self.request("LoadCart", move || Cart { items, trace })
    }

    /// Asks the bank to charge the card.
    pub fn charge(&self, cents: u32) -> Asked<Payment> {
        self.request("Charge", move || Payment { cents })
    }

    fn request<T>(
        &self,
        name: &str,
        answer: impl FnOnce() -> T + 'static,
    ) -> Asked<T> {
        let answer = Some(Box::new(answer) as Box<dyn FnOnce() -> T>);
        self.trace.future(name, Request { asked: false, answer })
    }
}

impl Cart {
    /// What everything in the cart costs.
    ///
    /// # Panics
    /// When there is nothing in it.
    pub fn total(&self) -> u32 {
        assert!(!self.items.is_empty(), "the cart is empty");
        self.items.iter().map(|(_, cents)| cents).sum()
    }
}

impl Drop for Cart {
    fn drop(&mut self) {
        self.trace.note("Checkout", "drops the cart");
    }
}

/// Writes the receipt.
pub fn confirm(cart: &Cart, payment: Payment) -> Receipt {
    let items = cart.items.iter().map(|(name, _)| *name).collect();
    Receipt { items, cents: payment.cents }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    fn request() -> Request<u32> {
        Request { asked: false, answer: Some(Box::new(|| 7)) }
    }

    #[test]
    fn a_request_is_pending_once() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut request = request();
        assert!(Pin::new(&mut request).poll(&mut cx).is_pending());
        assert_eq!(Pin::new(&mut request).poll(&mut cx), Poll::Ready(7));
    }

    #[test]
    fn a_request_wakes_so_that_a_runner_comes_back() {
        assert_eq!(pollster::block_on(request()), 7);
    }

    #[test]
    #[should_panic(expected = "the cart is empty")]
    fn an_empty_cart_has_no_total() {
        let shop = Shop::new(&Trace::new("A shop", "It has a cart."));
        pollster::block_on(shop.load_cart(0)).total();
    }
}
