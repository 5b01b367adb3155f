//! What a panic and a cancellation have in common, and what they have not.

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::pending;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Mutex;
    use std::thread;

    use crate::cancellation::drop::walk::drop_after;
    use crate::proof::hostile::panics;

    /// Notes whether its thread panics while it is dropped.
    struct Local<'a>(&'a RefCell<Vec<bool>>);

    impl Drop for Local<'_> {
        fn drop(&mut self) {
            self.0.borrow_mut().push(thread::panicking());
        }
    }

    #[test]
    fn both_drop_the_locals_and_a_destructor_can_tell_which_it_was() {
        let log = RefCell::default();
        let panics = async {
            let _local = Local(&log);
            panics();
        };
        let caught = catch_unwind(AssertUnwindSafe(|| drop_after(1, panics)));
        assert!(caught.is_err());
        assert_eq!(log.take(), [true]);

        let is_dropped = async {
            let _local = Local(&log);
            pending::<()>().await;
        };
        assert!(!drop_after(1, is_dropped));
        assert_eq!(log.take(), [false]);
    }

    // ANCHOR: row
    #[test]
    #[expect(clippy::await_holding_lock, reason = "it is what we look at")]
    fn a_panic_poisons_a_mutex_and_a_cancellation_does_not() {
        let mutex = Mutex::new(0);
        let is_dropped = async {
            let mut guard = mutex.lock().expect("nobody panicked");
            *guard = 1;
            pending::<()>().await;
            *guard = 2;
        };
        assert!(!drop_after(1, is_dropped));
        let left = mutex.lock().map(|value| *value).ok();
        assert_eq!(left, Some(1), "half done, and not poisoned");

        let panics = async {
            let _guard = mutex.lock().expect("nobody panicked");
            panics();
        };
        let caught = catch_unwind(AssertUnwindSafe(|| drop_after(1, panics)));
        assert!(caught.is_err());
        assert!(mutex.is_poisoned());
    }
    // ANCHOR_END: row

    #[tokio::test]
    async fn the_handle_of_a_task_says_which_it_was() {
        let panicked = tokio::spawn(async { panics() });
        let error = panicked.await.expect_err("it panicked");
        assert!(error.is_panic());
        let aborted = tokio::spawn(pending::<()>());
        aborted.abort();
        let error = aborted.await.expect_err("it was aborted");
        assert!(error.is_cancelled());
    }

    #[test]
    fn catch_unwind_sees_no_cancellation() {
        use futures::FutureExt;
        let log = RefCell::new(Vec::new());
        let watched = async {
            let end = AssertUnwindSafe(pending::<()>()).catch_unwind().await;
            log.borrow_mut().push(end.is_err());
        };
        assert!(!drop_after(1, watched));
        assert_eq!(log.take(), [], "no line after the `.await` has run");

        let watched = async {
            let end = AssertUnwindSafe(async { panics() }).catch_unwind().await;
            log.borrow_mut().push(end.is_err());
        };
        assert!(drop_after(1, watched));
        assert_eq!(log.take(), [true]);
    }
}
