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

    #[tokio::test]
    async fn behind_a_dyn_each_call_returns_a_box() {
        use futures::future::BoxFuture;
        use std::sync::{Arc, Mutex};
        type Print = Box<dyn FnMut(&str) -> BoxFuture<'_, ()> + Send>;

        let lines = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lines);
        let mut print: Print = Box::new(move |line| {
            let seen = Arc::clone(&seen);
            Box::pin(async move {
                countdown(1).await;
                seen.lock().unwrap().push(line.len());
            })
        });
        // In a task, which an `AsyncFnMut` of unknown type cannot be.
        let task = tokio::spawn(async move {
            for line in "one\nthree".lines() {
                print(line).await;
            }
        });
        task.await.expect("no line panics");
        assert_eq!(*lines.lock().unwrap(), [3, 5]);
    }
}
