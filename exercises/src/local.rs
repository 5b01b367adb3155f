//! Exercise to runtimes/tokio.html: futures that are not `Send`, on a thread of their own.

// ANCHOR: stub
/// Runs futures that are not `Send`, on one thread of its own. Repair it: the
/// future of `run` has to be `Send`, so that a spawned task can await it.
#[derive(Clone)]
pub struct Local;

impl Local {
    pub fn start() -> Local {
        Local
    }

    /// Calls `make` on the thread, runs the future that it returns there, and
    /// gives its value back, or `None` when it panics. The jobs may run one
    /// after the other.
    pub async fn run<T, F>(
        &self,
        make: impl FnOnce() -> F + Send + 'static,
    ) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        Some(make().await)
    }
}
// ANCHOR_END: stub
