//! A price that is valid for a minute, in a test with paused time.

use std::time::Duration;

use tokio::time::sleep;

// ANCHOR: program
const MINUTE: Duration = Duration::from_secs(60);

/// Asks the clock of the standard library.
struct Price {
    since: std::time::Instant,
}

impl Price {
    fn is_valid(&self) -> bool {
        self.since.elapsed() < MINUTE
    }
}

/// The same, but asks Tokio's clock.
struct Tested {
    since: tokio::time::Instant,
}

impl Tested {
    fn is_valid(&self) -> bool {
        self.since.elapsed() < MINUTE
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let price = Price { since: std::time::Instant::now() };
    let tested = Tested { since: tokio::time::Instant::now() };
    sleep(2 * MINUTE).await;
    println!("two minutes later:");
    println!("std's clock: valid is {}", price.is_valid());
    println!("Tokio's clock: valid is {}", tested.is_valid());
}
// ANCHOR_END: program
