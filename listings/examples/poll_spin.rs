//! Ten lines run an async block, and a future that waits for a thread.

use std::thread;

use futures::channel::oneshot;
use listings::futures::poll::spin::block_on;

fn main() {
    println!("{}", block_on(async { 7 }));

    let (sender, receiver) = oneshot::channel();
    let other = thread::spawn(move || sender.send("from a thread"));
    println!("{:?}", block_on(receiver));
    let sent = other.join().expect("sending does not panic");
    println!("sent: {sent:?}");
}
