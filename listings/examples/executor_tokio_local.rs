//! Tasks that are not `Send`, on a runtime of their own thread.

use std::rc::Rc;

use tokio::runtime::LocalRuntime;
use tokio::task::spawn_local;

fn main() -> std::io::Result<()> {
    let runtime = LocalRuntime::new()?;
    let eggs = Rc::new(6);
    let joined = runtime
        .block_on(async move { spawn_local(async move { *eggs }).await });
    println!("eggs: {joined:?}");
    Ok(())
}
