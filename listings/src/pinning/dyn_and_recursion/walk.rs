//! Two async functions that call each other, with a task for each entry.

// ANCHOR: entry
/// What is in a folder.
#[derive(Debug)]
pub enum Entry {
    /// A file of so many bytes.
    File(u64),
    /// A folder and what is in it.
    Folder(Vec<Entry>),
}
// ANCHOR_END: entry

// ANCHOR: walk
/// The bytes of one entry.
#[expect(clippy::manual_async_fn, reason = "`async fn` promises no Send")]
pub fn entry(entry: Entry) -> impl Future<Output = u64> + Send {
    async {
        match entry {
            Entry::File(bytes) => bytes,
            Entry::Folder(entries) => folder(entries).await,
        }
    }
}

/// The bytes of all entries, with a task of Tokio's for each.
///
/// Cancel safety: dropping it loses the sum; its tasks run on, as a dropped
/// `JoinHandle` does not stop its task.
///
/// # Panics
///
/// When it is polled outside of Tokio, or when the runtime shuts down.
pub async fn folder(entries: Vec<Entry>) -> u64 {
    let tasks = entries.into_iter().map(|e| tokio::spawn(entry(e)));
    let tasks: Vec<_> = tasks.collect();
    let mut bytes = 0;
    for task in tasks {
        bytes += task.await.expect("no entry panics or is aborted");
    }
    bytes
}
// ANCHOR_END: walk

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_empty_folder_has_no_bytes() {
        assert_eq!(folder(Vec::new()).await, 0);
    }

    #[tokio::test]
    async fn each_entry_has_a_task_of_its_own() {
        use std::pin::pin;
        use std::task::{Context, Waker};
        let mut sum = pin!(folder(vec![Entry::File(1), Entry::File(2)]));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(sum.as_mut().poll(&mut cx).is_pending());
        let metrics = tokio::runtime::Handle::current().metrics();
        assert_eq!(metrics.num_alive_tasks(), 2);
        assert_eq!(sum.await, 3);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_folders_in_a_folder_count() {
        let inner = Entry::Folder(vec![Entry::File(3), Entry::File(4)]);
        let inner = Entry::Folder(vec![inner, Entry::File(5)]);
        assert_eq!(folder(vec![Entry::File(1), inner]).await, 13);
    }

    #[tokio::test]
    async fn a_box_between_two_that_await_each_other_is_enough() {
        async fn even(n: u32) -> bool {
            n == 0 || Box::pin(odd(n - 1)).await
        }
        async fn odd(n: u32) -> bool {
            n != 0 && even(n - 1).await
        }
        assert_eq!(tokio::spawn(even(10)).await.ok(), Some(true));
    }

    #[tokio::test]
    async fn a_boxed_dyn_ends_the_search_for_send_too() {
        use std::pin::Pin;
        type Answer = Pin<Box<dyn Future<Output = bool> + Send>>;
        fn even(n: u32) -> Answer {
            Box::pin(async move { n == 0 || odd(n - 1).await })
        }
        async fn odd(n: u32) -> bool {
            n != 0 && tokio::spawn(even(n - 1)).await.unwrap_or(false)
        }
        assert!(even(10).await);
    }
}
