//! The `map` that refused an async block takes it once it is pinned.

use std::pin::pin;

use listings::futures::poll::map::map;

fn main() {
    let on_the_stack = pin!(async { 7 });
    let value = pollster::block_on(map(on_the_stack, |n| n + 1));
    println!("pin!: {value}");

    let on_the_heap = Box::pin(async { 7 });
    let value = pollster::block_on(map(on_the_heap, |n| n + 1));
    println!("Box::pin: {value}");
}
