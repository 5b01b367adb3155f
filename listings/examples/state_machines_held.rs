//! What each of these futures keeps while it waits, in bytes.

use listings::futures::state_machines::held::*;

fn main() {
    println!("used_after {}", size_of_val(&used_after()));
    println!("made_after {}", size_of_val(&made_after()));
    println!("borrowed_before {}", size_of_val(&borrowed_before()));
    println!("in_a_block {}", size_of_val(&in_a_block()));
    println!("list_dropped {}", size_of_val(&list_dropped()));
    println!("list_in_a_block {}", size_of_val(&list_in_a_block()));
}
