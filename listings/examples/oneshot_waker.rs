//! A oneshot with a place for the waker: both orders, a waker that polls at
//! once, and a sender that goes away.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use listings::proof::watchdog;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::oneshot::waker::{Receiver, channel};

// ANCHOR: program
fn main() {
    show("sender first", || {
        let (sender, receiver) = channel();
        sender.send(7);
        block_on(receiver)
    });
    show("receiver first", || {
        let (sender, receiver) = channel();
        let send = async { sender.send(7) };
        block_on(async { futures::join!(receiver, send).0 })
    });
    show("polled inside the wake", || {
        let (sender, receiver) = channel();
        let task = Arc::new(OnTheSpot(Mutex::new((receiver, 0))));
        OnTheSpot::poll(&task);
        sender.send(7);
        task.0.lock().expect("nobody panics").1
    });
    show("sender dropped", || {
        let (sender, receiver) = channel();
        drop(sender);
        block_on(receiver)
    });
}
// ANCHOR_END: program

// ANCHOR: on_the_spot
/// A task and its value. Its waker polls the receiver at once, in `wake`.
struct OnTheSpot(Mutex<(Receiver, u32)>);

impl Wake for OnTheSpot {
    fn wake(self: Arc<Self>) {
        self.poll();
    }
}

impl OnTheSpot {
    fn poll(self: &Arc<Self>) {
        let (receiver, value) = &mut *self.0.lock().expect("nobody panics");
        let waker = Waker::from(self.clone());
        let mut cx = Context::from_waker(&waker);
        if let Poll::Ready(it) = Pin::new(receiver).poll(&mut cx) {
            *value = it;
        }
    }
}
// ANCHOR_END: on_the_spot

fn show(what: &str, run: impl FnOnce() -> u32 + Send + 'static) {
    match watchdog(Duration::from_secs(1), run) {
        Ok(value) => println!("{what}: {value}"),
        Err(hung) => println!("{what}: {hung}"),
    }
}
