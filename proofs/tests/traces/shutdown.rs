//! The run that the chapter on shutdown shows.

use std::future::pending;

use listings::cancellation::shutdown::nursery::{Failure, nursery};
use listings::proof::{Trace, check_trace};
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::yield_now::yield_now;

#[test]
fn a_failure_ends_the_siblings_before_the_nursery_returns() {
    let trace = Trace::new(
        "A nursery in which a task fails",
        "The executor polls the nursery, which starts Ann and Bob and is \
         pending. It polls Ann, who is pending, and Bob, who fails. The \
         nursery is polled and aborts Ann. The executor drops Ann, and only \
         then the nursery is ready.",
    );
    trace.participant("Nursery", "nursery");
    trace.participant("Runner", "Executor");
    trace.participant("Ann", "Ann").participant("Bob", "Bob");
    let executor = Executor::default();
    let ann = trace.future("Ann", async {
        pending::<()>().await;
        Ok(())
    });
    let bob = trace.future("Bob", async {
        yield_now().await;
        Err("no eggs")
    });
    let dinner = nursery::<(), _>(executor.spawner(), async |nursery| {
        nursery.start(ann);
        nursery.start(bob);
        Ok(())
    });
    let dinner = trace.future("Nursery", dinner);
    let end = executor.run(dinner);
    assert_eq!(end, Err(Failure::Error("no eggs")));
    check_trace("cancellation-nursery", &trace).unwrap();
}
