//! A waker on two threads. With the argument `rc` it is one over an `Rc`,
//! which is undefined behavior: then run it under valgrind's helgrind.

use std::env;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use listings::wakers::raw_waker::by_hand::Bell;
use listings::wakers::raw_waker::local::LocalBell;

// ANCHOR: program
fn main() {
    let over_rc = env::args().any(|argument| argument == "rc");
    let waker = if over_rc {
        // SAFETY: none, as it leaves this thread.
        unsafe { Rc::new(LocalBell::default()).waker() }
    } else {
        Arc::new(Bell::default()).waker()
    };
    let (one, two) = (waker.clone(), waker.clone());
    let thread = thread::spawn(move || one.wake());
    two.wake();
    thread.join().expect("it does not panic");
    println!("woken on two threads");
}
// ANCHOR_END: program
