//! What works, panics and hangs: the operations of three runtimes, each run
//! in seven ways.

use std::panic::set_hook;
use std::time::Duration;

use listings::proof::{Hung, watchdog};

fn main() -> Result<(), Hung> {
    // ANCHOR: program
    set_hook(Box::new(|_| {})); // The panics are expected.
    let tried = listings::runtimes::choosing::table::tried;
    println!("{}", watchdog(Duration::from_secs(60), tried)?);
    // ANCHOR_END: program
    Ok(())
}
