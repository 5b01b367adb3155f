//! Ten cooks work in turns, and an alarm rings: three orders of the turns.

use listings::runtimes::scheduling::aging::Aging;
use listings::runtimes::scheduling::alarm::kitchen;
use listings::runtimes::scheduling::arrival::Arrival;
use listings::runtimes::scheduling::executor::Executor;
use listings::runtimes::scheduling::line::Line;
use listings::runtimes::scheduling::two_lines::TwoLines;

fn heard<L: Line>(name: &str) {
    let executor = Executor::<L>::default();
    let alarm = kitchen(&executor.spawner());
    match executor.run(alarm) {
        Ok(time) => println!("{name}: heard after {time:?}"),
        Err(why) => println!("{name}: {why}"),
    }
}

fn main() {
    heard::<Arrival>("first come, first served");
    heard::<TwoLines>("urgent tasks first");
    heard::<Aging>("urgent tasks first, with a limit");
}
