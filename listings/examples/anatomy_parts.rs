//! Which method of Tokio's builder brings which part?

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

/// Whether each kind of work is done: a task, a blocking closure, a timer and
/// a socket.
fn works(runtime: &Runtime) -> String {
    let task = async { tokio::spawn(async {}).await.is_ok() };
    let closure = async { tokio::task::spawn_blocking(|| ()).await.is_ok() };
    let timer = async {
        sleep(Duration::from_millis(1)).await;
        true
    };
    let socket = async { TcpListener::bind("127.0.0.1:0").await.is_ok() };
    let works = [
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(task))),
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(closure))),
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(timer))),
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(socket))),
    ];
    let word = |works| if works { "yes" } else { "no" };
    let words = works.map(|works| word(works.unwrap_or(false)));
    format!("{:<9}{:<9}{:<9}{}", words[0], words[1], words[2], words[3])
}

fn main() -> io::Result<()> {
    set_hook(Box::new(|_| {})); // Here only whether it panics counts.
    let builder = || Builder::new_current_thread();
    println!("{:<14}task     closure  timer    socket", "");
    println!("{:<14}{}", "nothing", works(&builder().build()?));
    println!(
        "{:<14}{}",
        "enable_time",
        works(&builder().enable_time().build()?)
    );
    println!("{:<14}{}", "enable_io", works(&builder().enable_io().build()?));
    println!("{:<14}{}", "enable_all", works(&builder().enable_all().build()?));
    Ok(())
}
