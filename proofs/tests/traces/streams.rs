//! The run that the chapter on streams shows.

use std::pin::pin;
use std::task::Context;

use listings::futures::poll::manual::manual;
use listings::proof::{Trace, check_trace};
use listings::runtimes::streams::buffered::buffered;
use listings::runtimes::streams::stream::next;
use listings::wakers::contract::count::Counter;

#[test]
fn a_future_stands_still_while_the_body_of_the_loop_waits() {
    let trace = Trace::new(
        "A future stands still while the body of the loop waits",
        "The loop polls the stream, which polls two fetches. The first is \
         answered, and the body of the loop begins to process the answer. \
         Now the second is answered and wakes the task. The task polls the \
         body, which is pending. The second fetch is not polled. When the \
         body is done, the loop polls the stream, and the stream polls the \
         second fetch, which is ready.",
    );
    trace.participant("Server", "server").participant("Client", "loop");
    for (name, label) in
        [("Body", "process"), ("First", "fetch 1"), ("Second", "fetch 2")]
    {
        trace.participant(name, label);
    }
    let ((first, answer_1), (second, answer_2)) = (manual(), manual());
    let (process, is_processed) = manual::<()>();
    let fetches = [("First", first), ("Second", second)];
    let fetches = fetches.map(|(name, fetch)| trace.future(name, fetch));
    let client = async {
        let mut answers = buffered(fetches.into_iter(), 2);
        assert_eq!(next(&mut answers).await, Some(1));
        trace.note("Client", "the body begins");
        trace.future("Body", process).await;
        trace.note("Client", "the body is done");
        assert_eq!(next(&mut answers).await, Some(2));
    };
    let mut client = pin!(client);
    let (counter, waker) = Counter::new();
    let mut poll = |wakes| {
        assert_eq!(counter.wakes(), wakes, "it is polled when it was woken");
        let _acting = trace.act_as("Client");
        client.as_mut().poll(&mut Context::from_waker(&waker)).is_ready()
    };
    let answers = |what: &str, answer: &mut dyn FnMut()| {
        let _acting = trace.act_as("Server");
        trace.note("Server", what);
        answer();
    };
    assert!(!poll(0));
    let mut answer_1 = Some(answer_1);
    answers("has answer 1", &mut || answer_1.take().unwrap().complete(1));
    assert!(!poll(1));
    let mut answer_2 = Some(answer_2);
    answers("has answer 2", &mut || answer_2.take().unwrap().complete(2));
    assert!(!poll(2));
    trace.note("Second", "stands still");
    let mut end = Some(is_processed);
    answers("has processed", &mut || end.take().unwrap().complete(()));
    assert!(poll(3));
    check_trace("runtimes-streams-stands-still", &trace).unwrap();
}
