use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Wake, Waker};

struct LocalBell {
    rings: Rc<Cell<u32>>,
}

impl Wake for LocalBell {
    fn wake(self: Arc<Self>) {
        self.rings.set(self.rings.get() + 1);
    }
}

fn waker(bell: LocalBell) -> Waker {
    Waker::from(Arc::new(bell))
}

fn main() {}
