//! A lock that was given to a future that nobody polls any more.

use std::pin::pin;
use std::time::Duration;

use futures::join;
use listings::proof::watchdog;
use listings::wakers::block_on::flag::block_on;
use tokio::sync::Mutex;

// ANCHOR: program
async fn task(mutex: &Mutex<u32>) {
    let mut first = pin!(mutex.lock());
    let timeout = async { /* over at once */ };
    tokio::select! {
        biased;
        _guard = &mut first => println!("first has the lock"),
        _ = timeout => println!("timeout; `first` is kept, but not polled"),
    }
    let _second = mutex.lock().await;
    println!("second has the lock");
}

fn main() {
    let run = || {
        let mutex = Mutex::new(0);
        let guard = mutex.try_lock().expect("it is free");
        let holder = async { drop(guard) };
        block_on(async { join!(task(&mutex), holder) });
    };
    match watchdog(Duration::from_secs(1), run) {
        Ok(()) => println!("done"),
        Err(hung) => println!("{hung}"),
    }
}
// ANCHOR_END: program
