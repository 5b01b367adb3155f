use std::marker::PhantomPinned;
use std::pin::pin;

use listings::futures::poll::countdown::countdown;

async fn seven() -> u32 {
    7
}

struct Named<F> {
    _name: String,
    _future: F,
}

fn may_move<T: Unpin>(_: &T) {}

fn main() {
    may_move(&String::from("hello"));
    may_move(&countdown(1));
    may_move(&Box::pin(seven()));
    may_move(&pin!(seven()));

    may_move(&seven());
    may_move(&Named { _name: String::new(), _future: seven() });
    may_move(&PhantomPinned);
}
