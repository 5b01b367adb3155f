//! The notice that comes during the look, with what people use.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use futures::task::AtomicWaker;
use listings::proof::watchdog;
use listings::wakers::block_on::flag::block_on;
use tokio::sync::Notify;

// ANCHOR: look
/// Looks at the flag, and is slow: before it returns, another thread has set
/// the flag and called `notify`.
fn look(done: &Arc<AtomicBool>, notify: impl FnOnce() + Send) -> bool {
    let before = done.load(SeqCst);
    thread::scope(|scope| {
        scope.spawn(|| {
            done.store(true, SeqCst);
            notify();
        });
    });
    before
}
// ANCHOR_END: look

// ANCHOR: program
fn main() {
    watch("AtomicWaker, register first", |done| {
        let place = AtomicWaker::new();
        block_on(poll_fn(|cx| {
            place.register(cx.waker());
            match look(&done, || place.wake()) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
    });
    watch("notify_waiters, look first", |done| {
        let notify = Notify::new();
        block_on(async {
            while !look(&done, || notify.notify_waiters()) {
                notify.notified().await;
            }
        });
    });
    watch("notify_waiters, notified() first", |done| {
        let notify = Notify::new();
        block_on(async {
            loop {
                let notified = notify.notified();
                if look(&done, || notify.notify_waiters()) {
                    break;
                }
                notified.await;
            }
        });
    });
    watch("notify_one, look first", |done| {
        let notify = Notify::new();
        block_on(async {
            while !look(&done, || notify.notify_one()) {
                notify.notified().await;
            }
        });
    });
}
// ANCHOR_END: program

fn watch(name: &str, run: impl FnOnce(Arc<AtomicBool>) + Send + 'static) {
    match watchdog(Duration::from_secs(1), || run(Arc::default())) {
        Ok(()) => println!("{name}: heard of it"),
        Err(hung) => println!("{name}: {hung}"),
    }
}
