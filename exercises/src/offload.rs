//! Exercise to runtimes/blocking.html: repair a future that blocks its runner.

// ANCHOR: stub
/// Runs `job`, which may block for long, and returns what `job` returns, or
/// `None` when it panics. Repair it: `poll` has to return while the job runs,
/// so that other tasks have their turns. When the job ends, by a panic too,
/// wake the task.
pub async fn offload<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    Some(job())
}
// ANCHOR_END: stub
