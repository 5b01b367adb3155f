//! Where `spawn_local` works, and when its tasks run.

use std::any::Any;
use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::rc::Rc;

use tokio::runtime::Builder;
use tokio::task::{LocalSet, spawn_local, yield_now};

// ANCHOR: program
type List = Rc<RefCell<Vec<&'static str>>>;

async fn writes(list: List, word: &'static str) {
    yield_now().await;
    list.borrow_mut().push(word);
}

fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // The message is printed here, once.
    let runtime = Builder::new_current_thread().build()?;
    let list = List::default();
    say("without a set", || {
        let list = list.clone();
        runtime.block_on(async { drop(spawn_local(writes(list, "never"))) });
    });

    let set = LocalSet::new();
    drop(set.spawn_local(writes(list.clone(), "one")));
    runtime.block_on(yield_now());
    println!("the set is not polled: {:?}", list.borrow());

    let two = async { spawn_local(writes(list.clone(), "two")).await };
    let joined = runtime.block_on(set.run_until(two));
    println!("run_until: {:?}, {joined:?}", list.borrow());

    drop(set.spawn_local(writes(list.clone(), "three")));
    runtime.block_on(set);
    println!("the set, awaited: {:?}", list.borrow());
    Ok(())
}
// ANCHOR_END: program

fn say(what: &str, run: impl FnOnce()) {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(()) => println!("{what}: works"),
        Err(panic) => println!("{what}:\n  {}", text(&*panic)),
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref().copied().unwrap_or("without a text"),
    }
}
