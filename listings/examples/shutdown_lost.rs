//! Lines that were acknowledged, and that are not in the file.

use std::future::pending;
use std::io;
use std::path::PathBuf;

use tokio::fs::File;
use tokio::io::{AsyncWriteExt, BufWriter};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};

// ANCHOR: program
type Order = (&'static str, oneshot::Sender<()>);

async fn save(
    path: PathBuf,
    mut orders: mpsc::Receiver<Order>,
) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path).await?);
    while let Some((line, saved)) = orders.recv().await {
        file.write_all(line.as_bytes()).await?;
        let _ = saved.send(());
    }
    file.flush().await
}

async fn serve(path: PathBuf) -> Result<(), Box<dyn std::error::Error>> {
    let (to_save, orders) = mpsc::channel(8);
    // The task goes on without its handle.
    drop(tokio::spawn(save(path, orders)));
    for line in ["eggs", "milk", "bread"] {
        let (saved, is_saved) = oneshot::channel();
        to_save.send((line, saved)).await?;
        is_saved.await?;
        println!("acknowledged: {line}");
    }
    tokio::select! {
        biased;
        pressed = tokio::signal::ctrl_c() => pressed?,
        () = press_ctrl_c() => {}
    }
    println!("ctrl-c: main returns");
    Ok(())
}
// ANCHOR_END: program

/// Presses ctrl-c, once `ctrl_c` listens.
async fn press_ctrl_c() {
    #[cfg(unix)]
    {
        use rustix::process::{Signal, getpid, kill_process};
        kill_process(getpid(), Signal::INT).expect("it is our own process");
        pending::<()>().await;
    }
    #[cfg(not(unix))]
    drop(pending::<()>());
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = format!("shutdown_lost-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    // With several threads the task may get to its flush before the runtime is
    // dropped, or not.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve(path.clone()))?;
    drop(runtime);
    println!("in the file: {:?}", std::fs::read_to_string(&path)?);
    std::fs::remove_file(path)?;
    Ok(())
}
