//! Two destructors that know that their struct may be pinned.

use std::pin::pin;

use listings::pinning::projection::pinned_drop::{Named, NamedByHand};

fn main() {
    let _first = pin!(Named { future: async { 7 }, name: "the macro's" });
    let _second = pin!(NamedByHand { future: async { 7 }, name: "ours" });
    println!("the end of main");
}
