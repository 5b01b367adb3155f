//! The checkout as an enum with a `poll`, written by hand.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

// ANCHOR: states
use super::shop::{Asked, Cart, Payment, Receipt, Shop, confirm};

/// A checkout and how far it has come; see [`checkout`].
#[must_use = "futures do nothing unless polled"]
pub enum Checkout<'a> {
    /// No poll so far: only the arguments are here.
    Unresumed { shop: &'a Shop, customer: u32 },
    /// It waits for the cart.
    Loading { loading: Asked<Cart>, shop: &'a Shop },
    /// It waits for the bank.
    Charging { charging: Asked<Payment>, cart: Cart },
    /// It gave its receipt away.
    Returned,
    /// A poll has begun and has not come back.
    Panicked,
}

/// Buys what is in the cart of `customer`. The call does nothing else.
///
/// Cancel safety: none. Dropped while the card is being charged, it does not
/// know whether the money is gone.
pub fn checkout(shop: &Shop, customer: u32) -> Checkout<'_> {
    Checkout::Unresumed { shop, customer }
}
// ANCHOR_END: states

// ANCHOR: poll
impl Future for Checkout<'_> {
    type Output = Receipt;

    /// # Panics
    /// When the cart is empty, and when it is polled again after that or
    /// after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Receipt> {
        use Checkout::*;
        loop {
            match mem::replace(&mut *self, Panicked) {
                Unresumed { shop, customer } => {
                    let loading = shop.load_cart(customer);
                    *self = Loading { loading, shop };
                }
                Loading { mut loading, shop } => {
                    let answer = Pin::new(&mut loading).poll(cx);
                    let Poll::Ready(cart) = answer else {
                        *self = Loading { loading, shop };
                        return Poll::Pending;
                    };
                    drop(loading);
                    let charging = shop.charge(cart.total());
                    *self = Charging { charging, cart };
                }
                Charging { mut charging, cart } => {
                    let answer = Pin::new(&mut charging).poll(cx);
                    let Poll::Ready(payment) = answer else {
                        *self = Charging { charging, cart };
                        return Poll::Pending;
                    };
                    drop(charging);
                    let receipt = confirm(&cart, payment);
                    *self = Returned;
                    return Poll::Ready(receipt);
                }
                Returned => {
                    *self = Returned;
                    panic!("`Checkout` polled after completion")
                }
                Panicked => panic!("`Checkout` polled after panicking"),
            }
        }
    }
}
// ANCHOR_END: poll

impl fmt::Debug for Checkout<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Checkout::Unresumed { .. } => "Unresumed",
            Checkout::Loading { .. } => "Loading",
            Checkout::Charging { .. } => "Charging",
            Checkout::Returned => "Returned",
            Checkout::Panicked => "Panicked",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::state_machines::async_fn;
    use crate::proof::Trace;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::task::Waker;

    /// Polls a checkout `polls` times, drops it, and says what happened.
    fn polled(trace: &Trace, future: impl Future, polls: u32) -> Vec<String> {
        let mut future = Box::pin(trace.future("Checkout", future));
        let mut cx = Context::from_waker(Waker::noop());
        for _ in 0..polls {
            let poll = || {
                let _ = future.as_mut().poll(&mut cx);
            };
            // A panic is recorded like any other answer.
            let _ = catch_unwind(AssertUnwindSafe(poll));
        }
        drop(future);
        trace.events()
    }

    fn both(customer: u32, polls: u32) -> [Vec<String>; 2] {
        let traces = [(); 2].map(|_| Trace::new("A shop", "A checkout."));
        let [one, two] = &traces;
        [
            polled(one, async_fn::checkout(&Shop::new(one), customer), polls),
            polled(two, checkout(&Shop::new(two), customer), polls),
        ]
    }

    #[test]
    fn the_traces_are_equal_wherever_it_is_dropped() {
        let counts = (0..4).map(|polls| {
            let [async_fn, by_hand] = both(7, polls);
            assert_eq!(async_fn, by_hand, "after {polls} polls");
            by_hand.len()
        });
        assert_eq!(counts.collect::<Vec<_>>(), [1, 7, 16, 20]);
    }

    #[test]
    fn the_traces_are_equal_when_the_body_panics() {
        let [async_fn, by_hand] = both(0, 3);
        assert_eq!(async_fn, by_hand);
        let panics = by_hand.iter().filter(|line| line.ends_with("panic"));
        assert_eq!(panics.count(), 2);
    }

    #[test]
    fn a_poll_after_ready_panics_in_both() {
        let [async_fn, by_hand] = both(7, 4);
        assert_eq!(async_fn, by_hand);
        assert!(by_hand.contains(&"Checkout-->>Runner: panic".into()));
    }

    #[test]
    fn the_states_come_in_their_order_and_the_last_one_stays() {
        let shop = Shop::new(&Trace::new("A shop", "A checkout."));
        let mut future = checkout(&shop, 7);
        let mut cx = Context::from_waker(Waker::noop());
        let mut states = vec![format!("{future:?}")];
        for _ in 0..5 {
            let poll = || {
                let _ = Pin::new(&mut future).poll(&mut cx);
            };
            // The fourth poll and the fifth panic.
            let _ = catch_unwind(AssertUnwindSafe(poll));
            states.push(format!("{future:?}"));
        }
        let expected = [
            "Unresumed",
            "Loading",
            "Charging",
            "Returned",
            "Returned",
            "Returned",
        ];
        assert_eq!(states, expected);
    }

    #[test]
    fn a_panic_in_the_first_poll_leads_to_panicked() {
        let trace = Trace::new("A shop", "A checkout.");
        let shop = Shop::new(&trace);
        let mut future = checkout(&shop, Shop::NOBODY);
        let mut cx = Context::from_waker(Waker::noop());
        let poll = || Pin::new(&mut future).poll(&mut cx).is_ready();
        assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
        assert_eq!(format!("{future:?}"), "Panicked");
    }

    #[test]
    fn it_gives_what_the_async_fn_gives() {
        let shop = Shop::new(&Trace::new("A shop", "A checkout."));
        let by_hand = pollster::block_on(checkout(&shop, 7));
        let async_fn = pollster::block_on(async_fn::checkout(&shop, 7));
        assert_eq!(by_hand, async_fn);
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn by_hand_it_is_as_large_as_its_fullest_state() {
        let shop = Shop::new(&Trace::new("A shop", "A checkout."));
        let child = size_of::<Asked<Payment>>();
        let cart = size_of::<Cart>();
        assert_eq!((child, cart), (96, 32));
        // The fullest state, and the compiler's has its arguments besides:
        // `&Shop` and `u32` as they came, the number, and `&Shop` as a local.
        let by_hand = size_of_val(&checkout(&shop, 7));
        assert_eq!(by_hand, child + cart);
        let async_fn = size_of_val(&async_fn::checkout(&shop, 7));
        assert_eq!(async_fn, child + cart + 8 + 8 + 8);
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn charging_first_keeps_less() {
        /// The checkout of the exercise: the cart is loaded last.
        enum _ChargeFirst<'a> {
            _Unresumed(&'a Shop, u32),
            _Charging(Asked<Payment>, &'a Shop, u32),
            _Loading(Asked<Cart>, Payment),
            _Returned,
            _Panicked,
        }
        assert_eq!(size_of::<_ChargeFirst<'_>>(), 112);
        assert_eq!(size_of::<Checkout<'_>>(), 128);
    }
}
