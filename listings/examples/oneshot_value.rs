//! The value slot alone: the sender first, then the receiver first.

use std::time::Duration;

use listings::proof::watchdog;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::oneshot::value::channel;

// ANCHOR: program
fn main() {
    show("sender first", || {
        let (sender, receiver) = channel();
        sender.send(7);
        block_on(receiver)
    });
    show("receiver first", || {
        let (sender, receiver) = channel();
        let send = async { sender.send(7) };
        block_on(async { futures::join!(receiver, send).0 })
    });
}

fn show(order: &str, run: impl FnOnce() -> u32 + Send + 'static) {
    match watchdog(Duration::from_secs(1), run) {
        Ok(value) => println!("{order}: {value}"),
        Err(hung) => println!("{order}: {hung}"),
    }
}
// ANCHOR_END: program
