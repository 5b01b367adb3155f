//! Two notices before anybody waits, and two who wait one after the other.

use std::time::Duration;

use listings::proof::watchdog;
use tokio::sync::Notify;

fn main() {
    let end = watchdog(Duration::from_secs(1), || {
        pollster::block_on(async {
            let notify = Notify::new();
            notify.notify_one();
            notify.notify_one();
            notify.notified().await;
            println!("one");
            notify.notified().await;
            println!("two");
        });
    });
    if let Err(hung) = end {
        println!("{hung}");
    }
}
