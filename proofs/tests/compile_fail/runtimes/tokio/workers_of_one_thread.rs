//! Worker threads for a runtime that has none.

// ANCHOR: workers
#[tokio::main(flavor = "current_thread", worker_threads = 2)]
async fn main() {}
// ANCHOR_END: workers
