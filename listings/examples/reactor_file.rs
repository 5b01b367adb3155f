//! A file cannot be watched, and a runtime without a reactor reads it.

#[cfg(unix)]
// ANCHOR: program
fn main() -> std::io::Result<()> {
    use listings::runtimes::reactor::{Async, Reactor};

    let path = std::env::current_exe()?;
    let reactor = Reactor::new()?;
    let file = std::fs::File::open(&path)?;
    let error = Async::new(file, &reactor).expect_err("epoll refuses");
    println!("a file in the reactor: {error}");

    // Neither `enable_io` nor `enable_all`: this runtime has no reactor.
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let read = runtime.block_on(tokio::fs::read(&path));
    println!("tokio::fs without a reactor: {}", read.is_ok());
    Ok(())
}
// ANCHOR_END: program

#[cfg(not(unix))]
fn main() {}
