//! A second value for a channel that holds one.

use listings::wakers::oneshot::closed::channel;

fn main() {
    let (sender, _receiver) = channel();
    let _ = sender.send(1);
    let _ = sender.send(2);
}
