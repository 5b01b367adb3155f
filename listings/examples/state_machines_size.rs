//! How large the two checkouts are, and what is in them.

use listings::futures::state_machines::shop::{Asked, Cart, Payment, Shop};
use listings::futures::state_machines::{async_fn, by_hand};
use listings::proof::Trace;

fn main() {
    println!("&Shop: {}", size_of::<&Shop>());
    println!("loading: {}", size_of::<Asked<Cart>>());
    println!("charging: {}", size_of::<Asked<Payment>>());
    println!("Cart: {}", size_of::<Cart>());

    let shop = Shop::new(&Trace::new("A shop", "It has two servers."));
    let (a, b) = (async_fn::checkout(&shop, 7), by_hand::checkout(&shop, 7));
    println!("by hand: {}", size_of_val(&b));
    println!("async fn: {}", size_of_val(&a));
}
