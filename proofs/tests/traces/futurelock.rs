//! The run that the chapter on futurelock shows.

use std::pin::pin;
use std::task::Context;

use listings::proof::{Trace, check_trace};
use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::contract::count::Counter;
use listings::wakers::mutex::fair::Mutex;

#[test]
fn the_lock_is_given_to_a_future_that_is_not_polled() {
    let trace = Trace::new(
        "Futurelock",
        "The client polls the lock of its upload, which is pending, and then \
         the lock of its heartbeat, which is pending too. The backup drops \
         its guard, which gives the lock to the upload and wakes the task of \
         the client. The client polls the heartbeat, which is pending. The \
         upload has the lock and is not polled.",
    );
    trace.participant("Backup", "backup").participant("Client", "client");
    trace.participant("Upload", "lock of upload");
    trace.participant("Heartbeat", "lock of heartbeat");
    let mutex = Mutex::new(());
    let guard = mutex.try_lock().expect("it is free");
    let client = async {
        let mut upload = trace.future("Upload", mutex.lock());
        tokio::select! {
            biased;
            _guard = &mut upload => unreachable!("the backup has the lock"),
            () = yield_now() => {
                trace.note("Client", "a heartbeat is due");
                let _guard = trace.future("Heartbeat", mutex.lock()).await;
            }
        }
    };
    let mut client = pin!(client);
    let (counter, waker) = Counter::new();
    let mut poll = |wakes| {
        assert_eq!(counter.wakes(), wakes, "it is polled when it was woken");
        let _acting = trace.act_as("Client");
        let mut cx = Context::from_waker(&waker);
        assert!(client.as_mut().poll(&mut cx).is_pending());
    };
    poll(0);
    // `yield_now` woke it.
    poll(1);
    {
        let _acting = trace.act_as("Backup");
        trace.note("Backup", "drops its guard");
        drop(guard);
    }
    poll(2);
    assert_eq!(counter.wakes(), 2, "and it is not woken any more");
    trace.note("Upload", "has the lock, is not polled");
    check_trace("cancellation-futurelock", &trace).unwrap();
}
