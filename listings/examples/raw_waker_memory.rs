//! Two wakers, used up. With the name of a rule it breaks that rule, which is
//! undefined behavior for some: then run it under valgrind.

use std::env;
use std::sync::Arc;

use listings::wakers::raw_waker::broken::{TABLES, live, two};
use listings::wakers::raw_waker::by_hand::Bell;

// ANCHOR: program
fn main() {
    let rule = env::args().nth(1).unwrap_or("none".to_string());
    let Some((_, table)) = TABLES.iter().find(|(name, _)| *name == rule) else {
        return println!("there is no such rule: {rule}");
    };
    let bell = Arc::new(Bell::default());
    // SAFETY: none, unless the rule is "none". We hold one handle, and drop
    // it, so that valgrind has something to see.
    let wakers = unsafe { two(&bell, table) };
    drop(bell);
    live(wakers);
    println!("broken rule: {rule}");
}
// ANCHOR_END: program
