//! Two futures of different types behind one pinned reference, on the stack.

use crate::futures::poll::countdown::countdown;

// ANCHOR: page
use std::pin::{Pin, pin};

async fn from_cache() -> &'static str {
    "the page, from the cache"
}

async fn download() -> &'static str {
    let mut buffer = [0; 512];
    countdown(2).await;
    buffer.fill(1);
    "the page, from afar"
}

/// Returns the page. When it is `cached` this is ready at the first poll.
///
/// Cancel safety: dropping it drops the download.
pub async fn page(cached: bool) -> &'static str {
    let page: Pin<&mut dyn Future<Output = &'static str>> =
        if cached { pin!(from_cache()) } else { pin!(download()) };
    page.await
}
// ANCHOR_END: page

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::{Context, Waker};

    fn polls(future: impl Future) -> u32 {
        let mut future = pin!(future);
        let mut cx = Context::from_waker(Waker::noop());
        let mut polls = 1;
        while future.as_mut().poll(&mut cx).is_pending() {
            polls += 1;
        }
        polls
    }

    #[test]
    fn the_branch_is_chosen_at_run_time() {
        let pages = [page(true), page(false)].map(pollster::block_on);
        assert_eq!(pages, ["the page, from the cache", "the page, from afar"]);
    }

    #[test]
    fn only_the_download_waits() {
        assert_eq!((polls(page(true)), polls(page(false))), (1, 3));
    }

    #[test]
    fn the_future_has_room_for_both() {
        let both = size_of_val(&from_cache()) + size_of_val(&download());
        assert!(both > 512);
        assert!(size_of_val(&page(true)) >= both);
    }
}
