//! A price that is valid for a minute, in a test with paused time.

use std::time::{self, Duration};

use tokio::time::{Instant, sleep};

// ANCHOR: program
const MINUTE: Duration = Duration::from_secs(60);

/// It asks the clock of the standard library.
struct Price {
    since: time::Instant,
}

impl Price {
    fn is_valid(&self) -> bool {
        self.since.elapsed() < MINUTE
    }
}

/// The same, and asks Tokio's clock.
struct Tested {
    since: Instant,
}

impl Tested {
    fn is_valid(&self) -> bool {
        self.since.elapsed() < MINUTE
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let price = Price { since: time::Instant::now() };
    let tested = Tested { since: Instant::now() };
    sleep(2 * MINUTE).await;
    println!("two minutes later:");
    println!("std's clock: valid is {}", price.is_valid());
    println!("Tokio's clock: valid is {}", tested.is_valid());
}
// ANCHOR_END: program
