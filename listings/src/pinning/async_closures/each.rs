//! A function that takes an async function, or an async closure.

// ANCHOR: for_each
/// Calls `job` for each line, one after the other.
///
/// Cancel safety: dropping it drops the call under way; the lines after it
/// are not looked at.
pub async fn for_each(text: &str, mut job: impl AsyncFnMut(&str)) {
    for line in text.lines() {
        job(line).await;
    }
}
// ANCHOR_END: for_each

// ANCHOR: in_pairs
/// Lends `bytes` to `job`, two at a time.
///
/// Cancel safety: dropping it drops the call under way; the bytes before it
/// are changed.
pub async fn in_pairs(bytes: &mut [u8], job: impl AsyncFn(&mut [u8])) {
    for pair in bytes.chunks_mut(2) {
        job(pair).await;
    }
}
// ANCHOR_END: in_pairs

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use std::cell::RefCell;

    #[test]
    fn an_async_closure_may_change_what_it_captured() {
        let mut lengths = Vec::new();
        pollster::block_on(for_each("one\nthree", async |line| {
            countdown(1).await;
            lengths.push(line.len());
        }));
        assert_eq!(lengths, [3, 5]);
    }

    #[test]
    fn an_async_fn_is_taken_too() {
        thread_local!(static SEEN: RefCell<String> = RefCell::default());
        async fn remember(line: &str) {
            countdown(1).await;
            SEEN.with_borrow_mut(|seen| seen.push_str(line));
        }
        pollster::block_on(for_each("a\nb", remember));
        assert_eq!(SEEN.take(), "ab");
    }

    #[test]
    fn so_is_a_closure_that_returns_an_async_block() {
        let calls = RefCell::new(0);
        let job = |_: &str| async { *calls.borrow_mut() += 1 };
        pollster::block_on(for_each("a\nb", job));
        assert_eq!(calls.take(), 2);
    }

    #[test]
    fn a_callback_may_change_what_it_is_lent() {
        let mut bytes = *b"abc";
        pollster::block_on(in_pairs(&mut bytes, async |pair| {
            countdown(1).await;
            pair.make_ascii_uppercase();
        }));
        assert_eq!(&bytes, b"ABC");
    }

    #[test]
    fn an_async_fn_may_be_called_again_while_its_future_runs() {
        async fn both(job: impl AsyncFn(u32) -> u32) -> (u32, u32) {
            futures::join!(job(1), job(2))
        }
        let seen = RefCell::new(Vec::new());
        let job = async |n| {
            seen.borrow_mut().push(n);
            countdown(n).await;
            10 * n
        };
        assert_eq!(pollster::block_on(both(job)), (10, 20));
        assert_eq!(seen.take(), [1, 2]);
    }

    #[tokio::test]
    async fn with_a_known_callback_the_future_may_be_spawned() {
        async fn clear(pair: &mut [u8]) {
            countdown(1).await;
            pair.fill(0);
        }
        let task = tokio::spawn(async {
            let mut bytes = *b"abc";
            in_pairs(&mut bytes, clear).await;
            bytes
        });
        assert_eq!(task.await.ok(), Some([0; 3]));
    }
}
