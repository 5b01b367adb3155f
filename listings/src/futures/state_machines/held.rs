//! Which locals a future keeps while it waits.

use crate::futures::poll::countdown::{Countdown, countdown};

/// A page of a file.
pub type Page = [u8; 1024];

/// Pending once: stands for anything that takes a while.
pub fn wait() -> Countdown {
    countdown(1)
}

/// The sum of some bytes.
pub fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(*byte)).sum()
}

// ANCHOR: held
/// Needs the page after the wait.
pub async fn used_after() -> u32 {
    let page: Page = [1; 1024];
    wait().await;
    sum(&page)
}

/// Makes the page after the wait.
pub async fn made_after() -> u32 {
    wait().await;
    let page: Page = [1; 1024];
    sum(&page)
}

/// Is done with the page before the wait.
pub async fn borrowed_before() -> u32 {
    let page: Page = [1; 1024];
    let total = sum(&page);
    wait().await;
    total
}

/// Is done with it, and says so with a block.
pub async fn in_a_block() -> u32 {
    let total = {
        let page: Page = [1; 1024];
        sum(&page)
    };
    wait().await;
    total
}
// ANCHOR_END: held

// ANCHOR: dropped
/// Is done with a list, and says so with `drop`.
pub async fn list_dropped() -> u32 {
    let list = vec![1; 1024];
    let total = sum(&list);
    drop(list);
    wait().await;
    total
}

/// Is done with it, and says so with a block.
pub async fn list_in_a_block() -> u32 {
    let total = {
        let list = vec![1; 1024];
        sum(&list)
    };
    wait().await;
    total
}
// ANCHOR_END: dropped

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn a_future_that_holds_nothing_is_a_number() {
        async fn nothing() {}
        assert_eq!(size_of_val(&nothing()), 1);
    }

    #[test]
    fn two_waits_one_after_the_other_share_their_place() {
        async fn one() {
            wait().await;
        }
        async fn two() {
            wait().await;
            wait().await;
        }
        assert_eq!(size_of::<Countdown>(), 4);
        assert_eq!((size_of_val(&one()), size_of_val(&two())), (8, 8));
    }

    #[test]
    fn what_is_needed_after_the_wait_is_kept() {
        assert_eq!(size_of_val(&used_after()), 1032);
        assert_eq!(size_of_val(&made_after()), 8);
    }

    #[test]
    fn what_was_borrowed_is_kept_to_the_end_of_its_block() {
        assert_eq!(size_of_val(&borrowed_before()), 1036);
        assert_eq!(size_of_val(&in_a_block()), 12);
    }

    #[test]
    fn what_was_moved_away_and_never_borrowed_is_not_kept() {
        async fn moved() -> u32 {
            let page: Page = [1; 1024];
            let first = black_box(page)[0];
            wait().await;
            u32::from(first)
        }
        assert_eq!(size_of_val(&moved()), 8);
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn drop_frees_the_memory_and_keeps_the_place() {
        assert_eq!(size_of::<Vec<u8>>(), 24);
        assert_eq!(size_of_val(&list_dropped()), 40);
        assert_eq!(size_of_val(&list_in_a_block()), 12);
    }

    #[test]
    fn an_argument_that_is_not_used_is_kept() {
        async fn ignores(_page: Page) {}
        assert!(size_of_val(&ignores([1; 1024])) >= 1024);
    }

    #[test]
    fn a_guard_in_a_block_leaves_the_future_send() {
        use std::sync::{Mutex, PoisonError};

        async fn deposit(balance: &Mutex<u32>) {
            {
                let lock = balance.lock();
                let mut guard = lock.unwrap_or_else(PoisonError::into_inner);
                *guard += 10;
            }
            wait().await;
        }
        fn needs_send<T: Send>(future: T) -> T {
            future
        }
        let balance = Mutex::new(0);
        pollster::block_on(needs_send(deposit(&balance)));
        assert!(balance.into_inner().is_ok_and(|total| total == 10));
    }

    #[test]
    fn they_give_the_same() {
        let sums = [
            pollster::block_on(used_after()),
            pollster::block_on(made_after()),
            pollster::block_on(borrowed_before()),
            pollster::block_on(in_a_block()),
            pollster::block_on(list_dropped()),
            pollster::block_on(list_in_a_block()),
        ];
        assert_eq!(sums, [1024; 6]);
    }
}
