//! A timer wakes a flag, and neither has a task.

use std::sync::atomic::{AtomicBool, Ordering::Acquire};
use std::task::{Context, Poll};
use std::thread;
use std::{pin::pin, time::Duration};

use listings::wakers::raw_waker::static_flag::waker;
use listings::wakers::timer::stopped::sleep;

// ANCHOR: program
static WOKEN: AtomicBool = AtomicBool::new(true);

fn main() {
    let waker = waker(&WOKEN);
    let mut cx = Context::from_waker(&waker);
    let mut nap = pin!(sleep(Duration::from_millis(100)));
    let mut polls = 0;
    loop {
        if WOKEN.swap(false, Acquire) {
            polls += 1;
            if let Poll::Ready(()) = nap.as_mut().poll(&mut cx) {
                break;
            }
        }
        thread::yield_now();
    }
    println!("ready after {polls} polls");
}
// ANCHOR_END: program
