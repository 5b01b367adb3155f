//! Two cooks, each on a thread of its own.

use std::sync::Arc;
use std::sync::Barrier;

use listings::runtimes::send::spawn::spawn;

// ANCHOR: program
async fn cook(name: &'static str, both_here: Arc<Barrier>) -> String {
    // It blocks its thread until the other cook has come.
    both_here.wait();
    format!("{name} cooks")
}

fn main() {
    let both_here = Arc::new(Barrier::new(2));
    let ann = spawn(cook("Ann", both_here.clone()));
    let bob = spawn(cook("Bob", both_here));
    println!("{}", ann.join().expect("she does not panic"));
    println!("{}", bob.join().expect("he does not panic"));
}
// ANCHOR_END: program
