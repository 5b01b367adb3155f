//! A thousand orders of the polls, the seeds that hang, and one of them again.

use listings::runtimes::scheduling::arrival::Arrival;
use listings::runtimes::scheduling::executor::Executor;
use listings::runtimes::testing::reload::{left, repaired, waiter};
use listings::runtimes::testing::seeded::{executor, failing};

// ANCHOR: program
fn main() {
    let usual = Executor::<Arrival>::default();
    println!("first come, first served: {:?}", left(&usual, waiter));

    let seeds = failing(0..1000, |seeded| left(seeded, waiter).is_empty());
    println!("{} of 1000 seeds hang: {seeds:?}", seeds.len());
    if let Some(&seed) = seeds.first() {
        println!("seed {seed} again:");
        print!("{}", left(&executor(seed), waiter));
    }

    let seeds = failing(0..1000, |seeded| left(seeded, repaired).is_empty());
    println!("repaired: {} of 1000 seeds hang", seeds.len());
}
// ANCHOR_END: program
