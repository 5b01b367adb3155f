//! What a waker is made of.

use std::ptr;
use std::sync::Arc;
use std::task::Waker;

use listings::wakers::block_on::flag::Parker;
use listings::wakers::contract::count::Counter;

fn main() {
    let word = size_of::<usize>();
    println!("words in a waker: {}", size_of::<Waker>() / word);

    let (counter, a) = Counter::new();
    let (_, b) = Counter::new();
    let parker = Waker::from(Arc::new(Parker::current()));
    let address = Arc::as_ptr(&counter).cast();
    println!("the first leads to the counter: {}", ptr::eq(a.data(), address));

    let same = |a: &Waker, b: &Waker| ptr::eq(a.vtable(), b.vtable());
    println!("two counters, one table: {}", same(&a, &b));
    println!("a counter and a parker, one table: {}", same(&a, &parker));
    println!("noop leads nowhere: {}", Waker::noop().data().is_null());
}
