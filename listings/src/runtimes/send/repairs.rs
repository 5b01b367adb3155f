//! Futures that hold something which must stay on its thread, but at no
//! `.await`.

use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::runtimes::executor::yield_now::yield_now;

// ANCHOR: block
/// The guard is a local of an inner block.
pub async fn in_a_block(total: Arc<Mutex<u32>>) {
    {
        let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
        *total += 1;
    }
    yield_now().await;
}
// ANCHOR_END: block

// ANCHOR: checked
/// The compiler checks here that the future is `Send`, and not at `spawn`.
pub fn checked(total: Arc<Mutex<u32>>) -> impl Future<Output = ()> + Send {
    in_a_block(total)
}
// ANCHOR_END: checked

// ANCHOR: helper
/// The guard is a local of a function that is not async.
pub async fn in_a_function(total: Arc<Mutex<u32>>) {
    count(&total);
    yield_now().await;
}

fn count(total: &Mutex<u32>) {
    *total.lock().unwrap_or_else(PoisonError::into_inner) += 1;
}
// ANCHOR_END: helper

// ANCHOR: types
/// Nothing in it must stay on its thread.
pub async fn other_types() -> u32 {
    let eggs = Arc::new(AtomicU32::new(6));
    yield_now().await;
    eggs.fetch_sub(1, Ordering::Relaxed)
}
// ANCHOR_END: types

// ANCHOR: unused
/// The `Result` with the guard is only dropped, and never used.
pub async fn dropped_unused(total: Arc<Mutex<u32>>) {
    let guard = total.lock();
    drop(guard);
    yield_now().await;
}

/// The `Rc` is only dropped, and never used.
pub async fn rc_dropped_unused() {
    let eggs = Rc::new(6);
    drop(eggs);
    yield_now().await;
}
// ANCHOR_END: unused

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::spawn::spawn;
    use super::*;
    use crate::proof::watchdog;

    #[test]
    fn each_of_them_can_be_spawned() {
        let run = || {
            let total = Arc::new(Mutex::new(0));
            spawn(in_a_block(total.clone())).join().unwrap();
            spawn(checked(total.clone())).join().unwrap();
            spawn(in_a_function(total.clone())).join().unwrap();
            assert_eq!(spawn(other_types()).join().unwrap(), 6);
            spawn(dropped_unused(total.clone())).join().unwrap();
            spawn(rc_dropped_unused()).join().unwrap();
            *total.lock().unwrap()
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(3));
    }
}
