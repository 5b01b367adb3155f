//! The checkout as an `async fn` and by hand: each recorded, and compared.

use std::pin::pin;
use std::task::{Context, Waker};

use listings::futures::state_machines::shop::Shop;
use listings::futures::state_machines::{async_fn, by_hand};
use listings::proof::Trace;

/// Polls `future` that often, drops it, and returns what was recorded.
fn record(trace: &Trace, future: impl Future, polls: usize) -> Vec<String> {
    {
        let mut future = pin!(trace.future("Checkout", future));
        let mut cx = Context::from_waker(Waker::noop());
        for _ in 0..polls {
            let _ = future.as_mut().poll(&mut cx);
        }
        trace.note("Runner", "drops it");
    }
    trace.events()
}

fn main() {
    for polls in 0..=3 {
        let trace = Trace::new("A checkout", "Dropped on the way.");
        let shop = Shop::new(&trace);
        let compiled = record(&trace, async_fn::checkout(&shop, 7), polls);

        let trace = Trace::new("A checkout", "Dropped on the way.");
        let shop = Shop::new(&trace);
        let written = record(&trace, by_hand::checkout(&shop, 7), polls);

        println!("dropped after {polls} of 3 polls");
        println!("  equal traces: {}", compiled == written);
        let mut events = compiled.iter();
        let _ = events.find(|event| event.contains("drops it"));
        for event in events {
            println!("  {event}");
        }
    }
}
