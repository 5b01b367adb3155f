include!(concat!(env!("OUT_DIR"), "/stock.rs"));

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use exercises::{Task, block_on, differs, watched};
use stock::{Shop, buy};

const PAGE: &str = "runtimes/testing.html";
const HANGS: &str = "A buyer waits for something that is not its payment.";
const KEPT: &str = "While a buyer pays, the piece is kept for this buyer: \
                    nobody else could take it.";

/// The chance of the chapter: SplitMix64.
fn below(state: &mut u64, limit: u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % limit
}

/// A payment that is pending for some polls.
async fn pays(mut polls: u64) -> bool {
    poll_fn(|cx| {
        if polls == 0 {
            return Poll::Ready(true);
        }
        polls -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// How many of three buyers get one of `stock` pieces in the order of `seed`.
fn sold(seed: u64, stock: u32) -> (u32, u32) {
    let shop = Shop::new(stock);
    let mut state = seed;
    let mut buyers: Vec<Pin<Box<dyn Future<Output = bool> + '_>>> = vec![];
    for _ in 0..3 {
        let polls = below(&mut state, 3);
        buyers.push(Box::pin(buy(&shop, pays(polls))));
    }
    let (task, mut sold) = (Task::new(), 0);
    while !buyers.is_empty() {
        let next = below(&mut state, buyers.len() as u64) as usize;
        if let Poll::Ready(got) = task.poll(&mut buyers[next]) {
            sold += u32::from(got);
            drop(buyers.swap_remove(next));
        }
    }
    (sold, shop.stock())
}

#[test]
fn no_seed_sells_a_piece_twice() {
    watched(PAGE, HANGS, || {
        for seed in 0..1000 {
            for stock in [1, 2] {
                let rule = format!(
                    "Seed {seed}: three buyers want {stock} of the pieces, \
                     and all can pay. This order of their polls sells another \
                     number, or leaves a piece."
                );
                let end = sold(seed, stock);
                assert_eq!(end, (stock, 0), "{}", differs(PAGE, &rule));
            }
        }
    });
}

#[test]
fn a_payment_that_fails_gives_the_piece_back() {
    watched(PAGE, HANGS, || {
        let shop = Shop::new(1);
        let fails = async {
            assert_eq!(shop.stock(), 0, "{}", differs(PAGE, KEPT));
            false
        };
        assert!(!block_on(buy(&shop, fails)));
        let rule = "The payment failed, so the piece is for the next buyer.";
        assert_eq!(shop.stock(), 1, "{}", differs(PAGE, rule));
        assert!(block_on(buy(&shop, async { true })));
        assert_eq!(shop.stock(), 0, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_buyer_that_is_dropped_gives_the_piece_back() {
    watched(PAGE, HANGS, || {
        let shop = Shop::new(1);
        let mut buyer = Box::pin(buy(&shop, pending()));
        assert!(Task::new().poll(&mut buyer).is_pending());
        assert_eq!(shop.stock(), 0, "{}", differs(PAGE, KEPT));
        drop(buyer);
        let rule = "The buyer is gone, so the piece is for the next one.";
        assert_eq!(shop.stock(), 1, "{}", differs(PAGE, rule));
    });
}
