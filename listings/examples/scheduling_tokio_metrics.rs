//! What Tokio's runtime says about its tasks.

use tokio::runtime::{Builder, RuntimeMetrics};

fn show(when: &str, metrics: &RuntimeMetrics) {
    let alive = metrics.num_alive_tasks();
    let queued = metrics.global_queue_depth();
    println!("{when}: {alive} tasks, {queued} in the inbox");
}

fn main() -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().build()?;
    let metrics = runtime.metrics();
    println!("workers: {}", metrics.num_workers());
    // From outside, a task goes to the inbox, which Tokio calls global queue.
    let ends = runtime.spawn(async {});
    let waits = runtime.spawn(std::future::pending::<()>());
    show("spawned", &metrics);
    runtime.block_on(ends).expect("it does not panic");
    show("one has ended", &metrics);
    waits.abort();
    assert!(runtime.block_on(waits).is_err_and(|why| why.is_cancelled()));
    show("one was aborted", &metrics);
    Ok(())
}
