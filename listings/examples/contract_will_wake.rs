//! What `will_wake` knows, and what `clone_from` makes of it.

use listings::wakers::contract::count::Counter;
use listings::wakers::contract::fresh::fresh;

fn main() {
    let (task, waker) = Counter::new();
    let (_other_task, other) = Counter::new();
    let same_task = fresh(&task);

    println!("a clone: {}", waker.will_wake(&waker.clone()));
    println!("of another task: {}", waker.will_wake(&other));
    println!("fresh, of the same task: {}", waker.will_wake(&same_task));

    let mut kept = waker.clone();
    kept.clone_from(&waker);
    println!("kept the old one: {}", kept.will_wake(&waker));
    kept.clone_from(&same_task);
    println!("took the fresh one: {}", kept.will_wake(&same_task));
    kept.wake();
    println!("the task was woken: {}", task.wakes() == 1);
}
