//! Either end goes away: the sender by a panic, the receiver by a drop.

use std::panic::set_hook;
use std::thread;

use listings::wakers::block_on::flag::block_on;
use listings::wakers::oneshot::closed::channel;

fn main() {
    set_hook(Box::new(|_| println!("a worker panics")));

    let (sender, receiver) = channel::<u32>();
    let worker = thread::spawn(move || {
        let _reply = sender;
        panic!("before it answered");
    });
    match block_on(receiver) {
        Ok(value) => println!("{value}"),
        Err(closed) => println!("{closed}"),
    }
    worker.join().expect_err("it panicked");

    let (sender, receiver) = channel();
    println!("closed: {}", sender.is_closed());
    drop(receiver);
    println!("closed: {}", sender.is_closed());
    println!("given back: {:?}", sender.send("an answer"));
}
