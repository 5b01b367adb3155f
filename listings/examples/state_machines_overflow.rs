//! A future with a large buffer, in a wrapper, on a thread with a small stack.
//! An overflow ends the process, so each case runs in a child process.

use std::process::Command;
use std::{env, io, thread};

use listings::futures::poll::countdown::countdown;
use listings::futures::state_machines::wrapper::logged;

const KIB: usize = 1024;

// ANCHOR: cases
async fn work() -> u8 {
    let buffer = [1; 64 * KIB];
    countdown(1).await;
    buffer[0]
}

fn log(_: &str) {}

fn inline() -> impl Future {
    logged(work(), log)
}

fn boxed() -> impl Future {
    logged(Box::pin(work()), log)
}

fn on_a_small_stack<F: Future>(future: fn() -> F) {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(256 * KIB);
        thread
            .spawn_scoped(scope, || {
                pollster::block_on(future());
            })
            .expect("a thread starts");
    });
}
// ANCHOR_END: cases

fn main() -> io::Result<()> {
    match env::args().nth(1).as_deref() {
        Some("inline") => on_a_small_stack(inline),
        Some(_) => on_a_small_stack(boxed),
        None => {
            for (name, size) in [
                ("inline", size_of_val(&inline())),
                ("boxed", size_of_val(&boxed())),
            ] {
                let run = Command::new(env::current_exe()?).arg(name).output();
                let ends = run?.status.success();
                println!("{name}: {size} bytes, runs to its end: {ends}");
            }
        }
    }
    Ok(())
}
