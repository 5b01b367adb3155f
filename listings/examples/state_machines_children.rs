//! What a child adds to the future that awaits it, in bytes.

use listings::futures::state_machines::children::*;
use listings::futures::state_machines::held::used_after;

fn main() {
    println!("the child {}", size_of_val(&used_after()));
    println!("one {}", size_of_val(&one()));
    println!("two_in_turn {}", size_of_val(&two_in_turn()));
    println!("two_at_once {}", size_of_val(&two_at_once()));
    println!("one_boxed {}", size_of_val(&one_boxed()));
}
