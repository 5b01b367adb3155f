//! A task is woken while it is polled, by another thread, and too late.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;

use listings::runtimes::executor::keys::Executor;

fn main() {
    let executor = Executor::default();
    let kept: Rc<RefCell<Option<Waker>>> = Rc::default();
    let keep = kept.clone();
    let mut polls = 0;
    executor.add(poll_fn(move |cx| {
        polls += 1;
        println!("poll {polls}");
        keep.replace(Some(cx.waker().clone()));
        match polls {
            1 => (0..3).for_each(|_| cx.waker().wake_by_ref()),
            2 => {
                let waker = cx.waker().clone();
                let thread = thread::spawn(|| waker.wake());
                thread.join().expect("it only wakes");
            }
            _ => return Poll::Ready(()),
        }
        Poll::Pending
    }));
    println!("tasks left: {}", executor.run_until_stalled());

    let late = kept.take().expect("it was polled");
    late.wake();
    println!("tasks left after a late wake: {}", executor.run_until_stalled());
}
