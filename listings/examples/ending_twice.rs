//! A panic inside a panic ends the process: no executor can catch it.

use std::panic::set_hook;
use std::process::Command;
use std::{env, io};

use listings::runtimes::executor::Executor;

// ANCHOR: program
/// Panics when it is dropped.
struct Pan;

impl Drop for Pan {
    fn drop(&mut self) {
        panic!("the pan is hot");
    }
}

async fn cook(end: String) {
    match end.as_str() {
        "a panic" => panic!("Ann drops the pan"),
        "a destructor panics" => drop(Pan),
        _ => {
            let _pan = Pan; // The panic drops it.
            panic!("Ann burns her hand");
        }
    }
}

fn runs(end: String) {
    set_hook(Box::new(|_| {})); // The way it ends is printed below.
    let executor = Executor::default();
    let task = executor.spawner().spawn(cook(end));
    println!("  the handle: {:?}", executor.run(task));
}
// ANCHOR_END: program

fn main() -> io::Result<()> {
    if let Some(end) = env::args().nth(1) {
        runs(end);
        return Ok(());
    }
    // The program starts itself once for each way.
    let this = env::current_exe()?;
    for end in ["a panic", "a destructor panics", "both"] {
        println!("{end}:");
        let output = Command::new(&this).arg(end).output()?;
        print!("{}", String::from_utf8_lossy(&output.stdout));
        print!("{}", String::from_utf8_lossy(&output.stderr));
        println!("  success: {}", output.status.success());
    }
    Ok(())
}
