//! Either end goes away: what the other one gets.

use futures::join;

use listings::wakers::block_on::flag::block_on;
use listings::wakers::channel::bounded::channel;

// ANCHOR: program
fn main() {
    block_on(async {
        let (sender, mut receiver) = channel(2);
        println!("{:?}", sender.try_send(1));
        println!("{:?}", sender.try_send(2));
        println!("{:?}", sender.try_send(3));
        drop(sender);
        while let Some(value) = receiver.recv().await {
            println!("received {value}");
        }

        let (sender, receiver) = channel(1);
        sender.send("taken in").await.expect("there is a place");
        let leave = async { drop(receiver) };
        let (back, ()) = join!(sender.send("not yet"), leave);
        println!("{:?}", back.map_err(|it| it.0));
        println!("{:?}", sender.try_send("too late"));
    });
}
// ANCHOR_END: program
