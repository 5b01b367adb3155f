//! Tokio's channel has one receiver.

use tokio::sync::mpsc::Receiver;

fn share(receiver: Receiver<u32>) -> [Receiver<u32>; 2] {
    [receiver.clone(), receiver]
}

fn main() {}
