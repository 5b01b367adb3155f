//! Six hundred calls that block, and how many of them have started.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;

// ANCHOR: program
fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().build()?;
    let started = Arc::new(AtomicUsize::new(0));
    let gate = Arc::new(RwLock::new(()));
    let closed = gate.write().expect("nobody panics");
    let call = || {
        let (started, gate) = (started.clone(), gate.clone());
        runtime.spawn_blocking(move || {
            started.fetch_add(1, SeqCst);
            drop(gate.read()); // Blocks until the gate is open.
        })
    };
    let calls: Vec<_> = (0..600).map(|_| call()).collect();
    while started.load(SeqCst) < 512 {
        thread::sleep(Duration::from_millis(1));
    }
    println!("{} calls, {} started", calls.len(), started.load(SeqCst));
    drop(closed);
    for call in calls {
        runtime.block_on(call)?;
    }
    println!("in the end {} started", started.load(SeqCst));
    Ok(())
}
// ANCHOR_END: program
