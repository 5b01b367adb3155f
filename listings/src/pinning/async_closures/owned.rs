//! A callback that owns what it is given, so that each call may be a task.

// ANCHOR: spawn_each
use tokio::task::JoinSet;

/// Calls `job` with each name, in a task of Tokio's for each, and waits.
///
/// Cancel safety: dropping it aborts the tasks.
///
/// # Panics
/// Outside of Tokio, and when a task panics.
pub async fn spawn_each<F, Fut>(names: Vec<String>, job: F)
where
    F: Fn(String) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let tasks: JoinSet<()> = names.into_iter().map(job).collect();
    tasks.join_all().await;
}
// ANCHOR_END: spawn_each

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn each_call_is_a_task() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let names = ["Ada", "Grace"].map(String::from).to_vec();
        spawn_each(names, |name| {
            let seen = Arc::clone(&seen);
            async move {
                assert!(tokio::task::try_id().is_some());
                seen.lock().unwrap().push(name);
            }
        })
        .await;
        let mut seen = std::mem::take(&mut *seen.lock().unwrap());
        seen.sort();
        assert_eq!(seen, ["Ada", "Grace"]);
    }
}
