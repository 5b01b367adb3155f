//! A program that hung, repaired.

use exercises::channel::{Sender, channel};
use exercises::join;

/// Sends three letters through a channel with two places, and returns what
/// arrives.
pub async fn letters() -> Vec<char> {
    let (sender, mut receiver) = channel(2);
    let receive = async {
        let mut letters = Vec::new();
        while let Some(letter) = receiver.recv().await {
            letters.push(letter);
        }
        letters
    };
    // The third letter waits for a place, so both have to run. And the sender
    // goes into `type_in`, which drops it at its end.
    join(type_in(sender), receive).await.1
}

async fn type_in(sender: Sender<char>) {
    for letter in ['a', 'b', 'c'] {
        sender.send(letter).await;
    }
}
