use std::pin::pin;

use listings::futures::poll::countdown::countdown;

async fn seven() -> u32 {
    7
}

fn may_move<T: Unpin>(_: &T) {}

fn main() {
    may_move(&countdown(1));
    may_move(&Box::pin(seven()));
    may_move(&pin!(seven()));
    may_move(&seven());
}
