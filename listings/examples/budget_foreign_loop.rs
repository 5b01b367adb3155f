//! An event loop with an executor of its own runs inside `block_on`, and
//! receives from a channel of Tokio.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::task::{Context, Waker};

use listings::runtimes::executor::Executor;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::block_in_place;
use tokio::task::coop::unconstrained;

// ANCHOR: loop
/// Stands for the loop of a window: polls its tasks, round by round, while one
/// of them is woken. It gives up after 10,000 rounds.
fn foreign_loop(mut messages: UnboundedReceiver<u32>) -> String {
    let executor = Executor::default();
    let taken = Rc::new(Cell::new(0));
    let takes = taken.clone();
    drop(executor.spawner().spawn(async move {
        while messages.recv().await.is_some() {
            takes.set(takes.get() + 1);
        }
    }));
    let mut cx = Context::from_waker(Waker::noop());
    let rounds = (0..10_000).take_while(|_| executor.run_once(&mut cx));
    let rounds = rounds.count();
    format!("{} of 1024 messages, rounds: {rounds}", taken.get())
}
// ANCHOR_END: loop

// ANCHOR: main
fn main() -> io::Result<()> {
    let one_thread = Builder::new_current_thread().build()?;
    let workers = Builder::new_multi_thread().worker_threads(2).build()?;
    let inside = async || foreign_loop(messages());
    println!("current_thread: {}", one_thread.block_on(inside()));
    println!("multi_thread: {}", workers.block_on(inside()));
    // ANCHOR_END: main

    // ANCHOR: repaired
    let free = || unconstrained(inside());
    println!("unconstrained: {}", one_thread.block_on(free()));
    println!("unconstrained: {}", workers.block_on(free()));
    let in_place = async || block_in_place(|| foreign_loop(messages()));
    println!("block_in_place: {}", workers.block_on(in_place()));
    let _context = workers.enter();
    println!("beside the runtime: {}", foreign_loop(messages()));
    Ok(())
}
// ANCHOR_END: repaired

fn messages() -> UnboundedReceiver<u32> {
    let (sender, receiver) = unbounded_channel();
    (0..1024).for_each(|n| sender.send(n).expect("it is open"));
    receiver
}
