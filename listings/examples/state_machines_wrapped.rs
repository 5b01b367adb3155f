//! A future with a page in it, in four wrappers, each of three kinds.

use listings::futures::state_machines::held::used_after;
use listings::futures::state_machines::wrapper::{logged, logged_call};

fn log(_: &str) {}

fn main() {
    let four = logged(logged(logged(logged(used_after(), log), log), log), log);
    println!("by value: {}", size_of_val(&four));

    let boxed = Box::pin(used_after());
    let four = logged(logged(logged(logged(boxed, log), log), log), log);
    println!("boxed innermost: {}", size_of_val(&four));

    let one = || logged_call(used_after, log);
    let two = || logged_call(one, log);
    let three = || logged_call(two, log);
    println!("by call: {}", size_of_val(&logged_call(three, log)));
}
