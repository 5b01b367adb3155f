use std::mem;
use std::pin::Pin;

use pin_project_lite::pin_project;

pin_project! {
    struct Slot<F> {
        #[pin]
        future: Option<F>,
        polls: u32,
    }
}

fn take<F>(slot: Pin<&mut Slot<F>>) -> (Option<F>, u32) {
    let mut this = slot.project();
    (mem::take(&mut this.future), mem::take(this.polls))
}

fn main() {}
