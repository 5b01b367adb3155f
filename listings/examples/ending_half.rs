//! A task panics in the middle of a change, and another task finds the half.

use std::cell::RefCell;
use std::rc::Rc;

use listings::runtimes::executor::Executor;

struct Bank {
    ann: u32,
    bob: u32,
}

async fn moves(amount: u32, bank: Rc<RefCell<Bank>>) {
    let mut bank = bank.borrow_mut();
    bank.ann -= amount;
    assert!(amount <= 50, "more than the limit");
    bank.bob += amount;
}

async fn counts(bank: Rc<RefCell<Bank>>) -> u32 {
    let bank = bank.borrow();
    bank.ann + bank.bob
}

fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();
    let bank = Rc::new(RefCell::new(Bank { ann: 100, bob: 0 }));
    let before = spawner.spawn(counts(bank.clone()));
    let moves = spawner.spawn(moves(60, bank.clone()));
    let after = spawner.spawn(counts(bank));
    println!("before: {:?}", executor.run(before));
    println!("the move: {:?}", executor.run(moves));
    println!("after: {:?}", executor.run(after));
}
