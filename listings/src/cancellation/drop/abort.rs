//! To drop a future, to abort its task, and to ask the task to stop.

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::mpsc;
    use std::time::Duration;

    use futures::future::abortable;
    use tokio::sync::oneshot;
    use tokio::task::{self, yield_now};

    use crate::futures::combinators::once::poll_now;
    use crate::proof::hostile::{OnDrop, caught};
    use crate::proof::watchdog;

    /// A future that waits for ever, and reports when its local is dropped.
    fn waits() -> (impl Future<Output = ()> + Send, mpsc::Receiver<()>) {
        let (report, reports) = mpsc::channel();
        let waits = async move {
            let _local = OnDrop::new(move || {
                report.send(()).expect("the test listens");
            });
            pending::<()>().await;
        };
        (waits, reports)
    }

    #[test]
    fn when_drop_returns_the_destructors_have_run() {
        let (waits, dropped) = waits();
        let mut waits = Box::pin(waits);
        assert!(poll_now(waits.as_mut()).is_none());
        assert!(dropped.try_recv().is_err());
        drop(waits);
        assert!(dropped.try_recv().is_ok());
    }

    #[tokio::test]
    async fn when_abort_returns_the_destructors_may_not_have_run() {
        let (waits, dropped) = waits();
        let task = tokio::spawn(waits);
        yield_now().await;
        task.abort();
        assert!(dropped.try_recv().is_err(), "not yet");
        let error = task.await.expect_err("it was aborted");
        assert!(error.is_cancelled());
        assert!(dropped.try_recv().is_ok(), "when the handle is ready");
    }

    #[tokio::test]
    async fn a_handle_only_to_abort_works_after_the_join_handle_is_gone() {
        let (waits, dropped) = waits();
        let task = tokio::spawn(waits);
        let abort = task.abort_handle();
        drop(task);
        yield_now().await;
        assert!(dropped.try_recv().is_err(), "a dropped handle stops nothing");
        abort.abort();
        while !abort.is_finished() {
            yield_now().await;
        }
        assert!(dropped.try_recv().is_ok());
    }

    // ANCHOR: row
    #[tokio::test]
    async fn a_task_stops_at_its_next_await_and_not_before() {
        let (to_task, own_handle) = oneshot::channel::<task::AbortHandle>();
        let (log, entries) = mpsc::channel();
        let task = tokio::spawn(async move {
            let own = own_handle.await.expect("it is sent");
            own.abort();
            log.send("runs on").expect("the test listens");
            yield_now().await;
            log.send("after the await").expect("the test listens");
        });
        to_task.send(task.abort_handle()).expect("the task waits");
        let error = task.await.expect_err("it was aborted");
        assert!(error.is_cancelled());
        assert_eq!(entries.iter().collect::<Vec<_>>(), ["runs on"]);
    }
    // ANCHOR_END: row

    #[tokio::test]
    async fn an_abort_that_comes_too_late_changes_nothing() {
        let task = tokio::spawn(async { 7 });
        yield_now().await;
        assert!(task.is_finished());
        task.abort();
        assert_eq!(task.await.ok(), Some(7));
    }

    // ANCHOR: abortable
    #[test]
    fn abortable_says_aborted_and_drops_its_future_with_itself() {
        let (waits, dropped) = waits();
        let (waits, abort) = abortable(waits);
        let mut waits = Box::pin(waits);
        assert!(poll_now(waits.as_mut()).is_none());
        abort.abort();
        let end = poll_now(waits.as_mut()).expect("it was aborted");
        assert!(end.is_err());
        assert!(dropped.try_recv().is_err(), "not yet");
        drop(waits);
        assert!(dropped.try_recv().is_ok());
    }
    // ANCHOR_END: abortable

    #[test]
    fn abort_does_not_stop_a_blocking_closure_that_has_begun() {
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.build().expect("it starts");
            runtime.block_on(async {
                let (begun, has_begun) = oneshot::channel();
                let (go_on, may_go_on) = mpsc::channel::<()>();
                let closure = task::spawn_blocking(move || {
                    begun.send(()).expect("the test waits");
                    may_go_on.recv().expect("the test sends");
                    7
                });
                has_begun.await.expect("it begins");
                closure.abort();
                go_on.send(()).expect("it still waits");
                closure.await.ok()
            })
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(Some(7)));
    }

    #[test]
    fn block_in_place_needs_a_multi_thread_runtime() {
        use tokio::runtime::{Builder, Handle};
        let blocks = async || {
            let block_on = || Handle::current().block_on(async { 7 });
            task::block_in_place(block_on)
        };
        let several = Builder::new_multi_thread().worker_threads(1).build();
        let several = several.expect("it starts");
        let end = several.block_on(several.spawn(blocks()));
        assert_eq!(end.ok(), Some(7));
        let one = Builder::new_current_thread().build().expect("it starts");
        caught(|| one.block_on(blocks())).expect_err("it panics");
    }
}
