//! Which method of Tokio's builder brings which part?

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // Here only whether it panics counts.
    println!("{:<14}task     closure  timer    socket", "");
    row("nothing", &mut Builder::new_current_thread())?;
    row("enable_time", Builder::new_current_thread().enable_time())?;
    row("enable_io", Builder::new_current_thread().enable_io())?;
    row("enable_all", Builder::new_current_thread().enable_all())
}

fn row(name: &str, builder: &mut Builder) -> io::Result<()> {
    let runtime = builder.build()?;
    let task = async { tokio::spawn(async {}).await.expect("it works") };
    let closure = async { spawn_blocking(|| ()).await.expect("it works") };
    let timer = async { sleep(Duration::from_millis(1)).await };
    let socket =
        async { TcpListener::bind("127.0.0.1:0").await.expect("it works") };
    let (task, closure) = (works(&runtime, task), works(&runtime, closure));
    let (timer, socket) = (works(&runtime, timer), works(&runtime, socket));
    println!("{name:<14}{task:<9}{closure:<9}{timer:<9}{socket}");
    Ok(())
}

fn works<F: Future>(runtime: &Runtime, work: F) -> &'static str {
    let end = catch_unwind(AssertUnwindSafe(|| runtime.block_on(work)));
    if end.is_ok() { "yes" } else { "no" }
}
