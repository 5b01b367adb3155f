//! Which fields decide whether a struct is `Unpin`.

use std::pin::{Pin, pin};

use listings::futures::poll::countdown::countdown;
use pin_project_lite::pin_project;

pin_project! {
    struct Marked<F> {
        #[pin]
        future: F,
    }
}

pin_project! {
    struct NotMarked<F> {
        future: F,
    }
}

fn may_move<T: Unpin>(name: &str, _: &T) {
    println!("{name} is Unpin");
}

fn main() {
    may_move("Marked, an Unpin field", &Marked { future: countdown(1) });
    may_move("NotMarked, an async block", &NotMarked { future: async { 7 } });

    let mut marked = pin!(Marked { future: async { 7 } });
    let _field: Pin<&mut _> = marked.as_mut().project().future;
    let mut not_marked = pin!(NotMarked { future: async { 7 } });
    let _: &mut _ = not_marked.as_mut().project().future;
}
