//! Exercise to wakers/channel.html: repair a program that hangs: three
//! letters through a channel with two places.

use exercises::channel::{Sender, channel};
use exercises::join;

// ANCHOR: stub
/// Sends three letters through a channel with two places, and returns what
/// arrives. It hangs, for two reasons. Keep the channel and its two places;
/// `join(a, b).await` is there for you.
pub async fn letters() -> Vec<char> {
    let (sender, mut receiver) = channel(2);
    type_in(&sender).await;

    let mut letters = Vec::new();
    while let Some(letter) = receiver.recv().await {
        letters.push(letter);
    }
    letters
}

async fn type_in(sender: &Sender<char>) {
    for letter in ['a', 'b', 'c'] {
        sender.send(letter).await;
    }
}
// ANCHOR_END: stub
