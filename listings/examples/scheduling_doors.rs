//! A task that was woken from another thread, beside a task that is always
//! woken from this one.

use listings::runtimes::scheduling::doors::{Rule, turns_of_a_busy_task};

fn main() {
    for rule in [Rule::LocalFirst, Rule::InboxEvery(31), Rule::OneLine] {
        let turns = turns_of_a_busy_task(rule);
        println!("{rule:?}: the busy task had {turns} turns before");
    }
}
