//! What the page on work stealing shows.

use std::future::poll_fn;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use listings::proof::{Trace, check_trace};
use listings::runtimes::threads::Pool;

/// Names the threads that poll it in the order in which they come.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<ThreadId>>>);

impl Names {
    /// `future`, in which whatever happens is done by the worker that polls.
    async fn future<F: Future>(self, trace: Trace, future: F) -> F::Output {
        let mut future = Some(Box::pin(future));
        poll_fn(move |cx| {
            let mut seen = self.0.lock().expect("nobody panics with it");
            let me = thread::current().id();
            let place = seen.iter().position(|it| *it == me);
            let place = place.unwrap_or_else(|| {
                seen.push(me);
                seen.len() - 1
            });
            drop(seen);
            let _acting = trace.act_as(["One", "Two"][place]);
            let task = future.as_mut().expect("it is polled until it ends");
            let poll = task.as_mut().poll(cx);
            if poll.is_ready() {
                // Here, so that the drop has the same actor.
                future = None;
            }
            poll
        })
        .await
    }
}

#[test]
fn a_worker_steals_what_is_not_in_the_slot() {
    let trace = Trace::new(
        "A task is stolen",
        "Worker 1 polls the parent, which spawns A and then B, and then \
         blocks. Worker 2 steals A and polls it, which is ready. The parent \
         goes on and is ready. Then worker 1 polls B, which is ready.",
    );
    trace.participant("One", "worker 1").participant("Parent", "parent");
    trace.participant("A", "A").participant("B", "B");
    trace.participant("Two", "worker 2");
    let (names, pool) = (Names::default(), Pool::new(2));
    let spawner = pool.spawner();
    let (sender, ran) = channel();
    let tells = trace.clone();
    let parent = {
        let (trace, names) = (trace.clone(), names.clone());
        async move {
            let child = |name: &'static str| {
                let (sender, tells) = (sender.clone(), trace.clone());
                let parent = trace.clone();
                let future = trace.future(name, async move {
                    // An error means that the parent listens no more.
                    let _ = sender.send(());
                });
                let late = async move {
                    // The thief may be faster than what the parent notes.
                    parent.wait_for("Note over Parent: blocks");
                    future.await;
                };
                spawner.spawn(names.clone().future(tells, late))
            };
            let a = child("A");
            trace.note("One", "A is in the slot");
            let b = child("B");
            trace.note("One", "B is in the slot, A in the queue");
            trace.note("Parent", "blocks");
            ran.recv().expect("A runs on the other worker");
            // Until the drop of A is recorded.
            trace.wait_for("Two->>A: drop");
            trace.note("Parent", "goes on");
            (a, b)
        }
    };
    let parent = names.future(tells.clone(), trace.future("Parent", parent));
    let (a, b) = pool.run(pool.spawn(parent)).expect("it does not panic");
    assert_eq!((pool.run(a), pool.run(b)), (Ok(()), Ok(())));
    check_trace("runtimes-threads-stolen", &tells).unwrap();
}
