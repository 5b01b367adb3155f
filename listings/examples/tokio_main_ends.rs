//! Three ways for `main` to end, and who still runs.

use std::future::pending;
use std::panic::set_hook;
use std::process::{Command, exit};
use std::time::Duration;
use std::{env, io, thread};

use tokio::task::yield_now;

// ANCHOR: program
struct Loud(&'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("  {} is dropped", self.0);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn runs(end: &str) {
    let _body = Loud("the body of main");
    drop(tokio::spawn(async {
        let _task = Loud("the task");
        pending::<()>().await
    }));
    thread::spawn(|| {
        let _thread = Loud("the thread");
        thread::sleep(Duration::from_secs(60));
    });
    yield_now().await; // The task gets its first poll.
    match end {
        "return" => (),
        "panic" => panic!("Ann drops the pan"),
        _ => exit(0),
    }
}
// ANCHOR_END: program

fn main() -> io::Result<()> {
    if let Some(end) = env::args().nth(1) {
        set_hook(Box::new(|_| {})); // The way it ends is printed below.
        runs(&end);
        return Ok(());
    }
    // The program starts itself once for each way.
    let this = env::current_exe()?;
    for end in ["return", "panic", "exit"] {
        println!("{end}:");
        let status = Command::new(&this).arg(end).status()?;
        println!("  the process has ended, status {:?}", status.code());
    }
    Ok(())
}
