//! A thread without async sends. Then two receivers share what comes.

use std::thread;

use futures::{SinkExt, StreamExt, channel::mpsc, executor};

use listings::wakers::block_on::flag::block_on;

// ANCHOR: program
fn main() {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    thread::spawn(move || sender.blocking_send("tokio"));
    println!("{:?}", block_on(receiver.recv()));

    let (mut sender, mut receiver) = mpsc::channel(1);
    thread::spawn(move || executor::block_on(sender.send("futures")));
    println!("{:?}", block_on(receiver.next()));

    let (sender, receiver) = async_channel::bounded(1);
    thread::spawn(move || sender.send_blocking("async-channel"));
    println!("{:?}", block_on(receiver.recv()));

    let (sender, receiver) = flume::bounded(1);
    thread::spawn(move || sender.send("flume"));
    println!("{:?}", block_on(receiver.recv_async()));

    let (sender, receiver) = async_channel::bounded(2);
    let second = receiver.clone();
    for n in [1, 2] {
        sender.try_send(n).expect("there is a place");
    }
    println!("{:?}, {:?}", second.try_recv(), receiver.try_recv());

    let (sender, receiver) = flume::bounded(2);
    let second = receiver.clone();
    for n in [1, 2] {
        sender.try_send(n).expect("there is a place");
    }
    println!("{:?}, {:?}", second.try_recv(), receiver.try_recv());
}
// ANCHOR_END: program
