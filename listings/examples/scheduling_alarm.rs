//! Ten cooks work in turns. An alarm rings when the first cook ends a turn.

use listings::runtimes::executor::keys::Executor;
use listings::runtimes::scheduling::alarm::{alarm, cook};
use listings::runtimes::scheduling::clock::Clock;
use listings::wakers::oneshot::closed::channel;

fn main() {
    let (executor, clock) = (Executor::default(), Clock::default());
    let (sender, receiver) = channel();
    let mut bell = Some(sender);
    for _ in 0..10 {
        executor.add(cook(clock.clone(), bell.take()));
    }
    executor.add(async {
        let time = alarm(clock, receiver).await;
        println!("the alarm was heard after {time:?}");
    });
    executor.run_until_stalled();
}
