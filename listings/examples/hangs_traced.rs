//! A parcel that is delivered without a wake, and the trace of the run.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use listings::proof::Trace;
use listings::runtimes::executor::Executor;

// ANCHOR: place
#[derive(Default)]
struct Place {
    parcel: Option<&'static str>,
    waker: Option<Waker>,
}

async fn receive(place: Arc<Mutex<Place>>) -> &'static str {
    poll_fn(|cx| {
        let newest = cx.waker().clone();
        let mut place = lock(&place);
        if let Some(parcel) = place.parcel.take() {
            return Poll::Ready(parcel);
        }
        let old = place.waker.replace(newest);
        drop(place);
        drop(old);
        Poll::Pending
    })
    .await
}

fn deliver(place: &Mutex<Place>, wakes: bool) {
    let mut place = lock(place);
    place.parcel = Some("a book");
    let waker = place.waker.take();
    drop(place);
    if let Some(waker) = waker.filter(|_| wakes) {
        waker.wake();
    }
}
// ANCHOR_END: place

// ANCHOR: program
fn run(wakes: bool) {
    let trace = Trace::new("A parcel", "It is delivered.");
    let executor = Executor::default();
    let place = Arc::<Mutex<Place>>::default();
    let task = trace.future("Receiver", receive(place.clone()));
    drop(executor.spawner().spawn(task));
    executor.run_until_stalled();
    let acting = trace.act_as("Sender");
    trace.note("Sender", "delivers");
    deliver(&place, wakes);
    drop(acting);
    let left = executor.run_until_stalled();
    println!("wakes: {wakes}, tasks left: {left}");
    trace.events().iter().for_each(|event| println!("  {event}"));
}

fn main() {
    run(false);
    run(true);
}
// ANCHOR_END: program

fn lock(place: &Mutex<Place>) -> MutexGuard<'_, Place> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}
