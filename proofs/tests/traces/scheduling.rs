//! The runs that the chapter on scheduling shows.

use std::future::pending;

use listings::futures::poll::countdown::countdown;
use listings::proof::{Trace, check_trace};
use listings::runtimes::executor::JoinError;
use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::scheduling::arrival::Arrival;
use listings::runtimes::scheduling::executor::Executor;
use listings::wakers::block_on::flag::block_on;

#[test]
fn a_shutdown_drains_until_its_deadline() {
    let trace = Trace::new(
        "A graceful shutdown",
        "The executor polls the deadline, which is pending, and both tasks. \
         The upload is ready in the second round, and is dropped. The \
         listener is pending. The deadline is ready in the third round, and \
         the executor drops the listener.",
    );
    trace.participant("Runner", "Executor");
    for name in ["Deadline", "Upload", "Listener"] {
        trace.participant(name, &name.to_lowercase());
    }
    let executor = Executor::<Arrival>::default();
    let spawner = executor.spawner();
    let upload = spawner.spawn(trace.future("Upload", yield_now()));
    let listener = spawner.spawn(trace.future("Listener", pending::<()>()));
    let deadline = async {
        countdown(2).await;
    };
    let deadline = trace.future("Deadline", deadline);
    assert_eq!(executor.shutdown(deadline), 1);
    assert_eq!(block_on(upload), Ok(()));
    assert_eq!(block_on(listener), Err(JoinError::Cancelled));
    check_trace("runtimes-scheduling-shutdown", &trace).unwrap();
}
