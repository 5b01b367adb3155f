//! The countdown without a wake ends when another future wakes its task.

use std::time::Duration;

use listings::futures::poll::countdown;
use listings::futures::poll::forgetful;
use listings::proof::watchdog;

fn main() {
    let both = watchdog(Duration::from_secs(10), || {
        let forgetful = forgetful::countdown(2);
        let waking = countdown::countdown(3);
        pollster::block_on(async { futures::join!(forgetful, waking) })
    });
    println!("beside a countdown from 3: {both:?}");

    let both = watchdog(Duration::from_millis(500), || {
        let forgetful = forgetful::countdown(2);
        let waking = countdown::countdown(1);
        pollster::block_on(async { futures::join!(forgetful, waking) })
    });
    println!("beside a countdown from 1: {both:?}");
}
