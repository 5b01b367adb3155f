//! An urgent task that always wakes itself, and a normal task that waits.

use std::cell::Cell;
use std::rc::Rc;

use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::scheduling::aging::Aging;
use listings::runtimes::scheduling::executor::Executor;
use listings::runtimes::scheduling::line::Line;
use listings::runtimes::scheduling::two_lines::TwoLines;

fn wait<L: Line>(name: &str) {
    let executor = Executor::<L>::default();
    let turns = Rc::new(Cell::new(0));
    let seen = turns.clone();
    let urgent = executor.spawner().spawn_urgent(async move {
        for _ in 0..1000 {
            turns.set(turns.get() + 1);
            yield_now().await;
        }
    });
    let normal = executor.spawner().spawn(async move { seen.get() });
    match executor.run(normal) {
        Ok(turns) => println!("{name}: polled after {turns} urgent turns"),
        Err(why) => println!("{name}: {why}"),
    }
    drop(urgent);
}

fn main() {
    wait::<TwoLines>("urgent tasks first");
    wait::<Aging>("urgent tasks first, with a limit");
}
