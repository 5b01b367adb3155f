//! What `will_wake` compares, and what `clone_from` makes of it.

use std::ptr;
use std::task::Waker;

use listings::wakers::contract::count::Counter;
use listings::wakers::contract::fresh::fresh;

fn main() {
    let (task, waker) = Counter::new();
    let (_other_task, other) = Counter::new();
    let same_task = fresh(&task);

    compare("a clone", &waker, &waker.clone());
    compare("of another task", &waker, &other);
    compare("fresh, of the same task", &waker, &same_task);

    let mut kept = waker.clone();
    kept.clone_from(&waker);
    println!("kept the old one: {}", kept.will_wake(&waker));
    kept.clone_from(&same_task);
    println!("took the fresh one: {}", kept.will_wake(&same_task));
    kept.wake();
    println!("the task was woken: {}", task.wakes() == 1);
}

fn compare(what: &str, one: &Waker, two: &Waker) {
    let data = one.data() == two.data();
    let table = ptr::eq(one.vtable(), two.vtable());
    let answer = one.will_wake(two);
    println!("{what}: {answer} (same data: {data}, same table: {table})");
}
