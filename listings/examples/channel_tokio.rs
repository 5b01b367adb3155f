//! Tokio's channel: a place before the value, and a budget.

use futures::join;
use tokio::sync::mpsc;

use listings::wakers::block_on::job::count_polls;
use listings::wakers::channel::bounded;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // A place, and the value later.
    let (sender, mut receiver) = mpsc::channel(1);
    let permit = sender.reserve().await.expect("it is open");
    println!("{:?}", sender.try_send("no place"));
    permit.send("prepared");
    println!("{:?}", receiver.recv().await);
    drop(sender.reserve().await);
    println!("{} place", sender.capacity());

    // A thousand values that are there already.
    let (sender, mut receiver) = mpsc::channel(1000);
    let (ours, mut our_receiver) = bounded::channel(1000);
    for n in 0..1000 {
        sender.try_send(n).expect("there is a place");
        ours.try_send(n).expect("there is a place");
    }
    drop((sender, ours));
    let tokio = async { while receiver.recv().await.is_some() {} };
    let ours = async { while our_receiver.recv().await.is_some() {} };
    let ((_, tokio), (_, ours)) = join!(count_polls(tokio), count_polls(ours));
    println!("polls for 1000 values: {tokio}, ours {ours}");
}
