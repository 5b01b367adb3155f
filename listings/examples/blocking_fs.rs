//! A look at a file, while the pool has no thread to spare.

use std::error::Error;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

// ANCHOR: program
async fn program() -> Result<(), Box<dyn Error>> {
    let (open, gate) = mpsc::channel::<()>();
    let busy = spawn_blocking(move || gate.recv());
    let look = || timeout(Duration::from_millis(100), tokio::fs::metadata("."));
    println!("the pool is busy: {:?}", look().await.map(|_| "found"));
    drop(open);
    let _ = busy.await?;
    println!(
        "the pool is free: found {}",
        tokio::fs::metadata(".").await?.is_dir()
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let one_thread = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()?;
    one_thread.block_on(program())
}
// ANCHOR_END: program
