//! Ten cooks work in turns. An alarm rings when the first cook ends a turn.

use listings::runtimes::executor::Executor;
use listings::runtimes::scheduling::alarm::{alarm, cook};
use listings::runtimes::scheduling::clock::Clock;
use listings::wakers::oneshot::closed::channel;

fn main() {
    let (executor, clock) = (Executor::default(), Clock::default());
    let (sender, receiver) = channel();
    let mut bell = Some(sender);
    for _ in 0..10 {
        let cook = cook(clock.clone(), bell.take());
        drop(executor.spawner().spawn(cook));
    }
    let alarm = executor.spawner().spawn(alarm(clock, receiver));
    match executor.run(alarm) {
        Ok(time) => println!("the alarm was heard after {time:?}"),
        Err(why) => println!("{why}"),
    }
}
