//! A program that reads a line with a timeout, run four times as a child
//! whose standard input stays open and empty.

use std::error::Error;
use std::io::{BufRead, Write};
use std::process::{Child, ChildStdin, Command, Stdio, exit};
use std::time::Duration;
use std::{env, io, thread};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::runtime::Builder;
use tokio::select;
use tokio::sync::mpsc;
use tokio::time::sleep;

// ANCHOR: child
const SHORT: Duration = Duration::from_millis(10);

async fn line_or_timeout(line: impl Future<Output = Option<String>>) {
    select! {
        line = line => println!("read {line:?}"),
        () = sleep(SHORT) => println!("too late"),
    }
}

async fn line_from_tokio() -> Option<String> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    lines.next_line().await.ok()?
}

fn child(how: &str) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    if how == "a thread of its own" {
        runtime.block_on(line_or_timeout(line_from_a_thread()));
    } else {
        runtime.block_on(line_or_timeout(line_from_tokio()));
    }
    match how {
        "shutdown_background" => runtime.shutdown_background(),
        "exit" => exit(0),
        _ => drop(runtime), // `#[tokio::main]` does the same.
    }
    Ok(())
}
// ANCHOR_END: child

// ANCHOR: thread
async fn line_from_a_thread() -> Option<String> {
    let (sender, mut receiver) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver.recv().await
}
// ANCHOR_END: thread

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(how) = env::args().nth(1) {
        return Ok(child(&how)?);
    }
    let (mut first, mut enter, said) = start("main returns")?;
    // Three children start after the first one, and end by themselves. Is the
    // first one still there then?
    let mut others = Vec::new();
    for how in ["shutdown_background", "exit", "a thread of its own"] {
        let (mut child, _enter, said) = start(how)?;
        child.wait()?;
        others.push(format!("{how}: it says {said:?} and ends by itself"));
    }
    let by_itself = first.try_wait()?.is_some();
    // An error means that the child has ended.
    let _ = enter.write_all(b"\n");
    first.wait()?;
    let when = if by_itself { "by itself" } else { "after Enter" };
    println!("main returns: it says {said:?} and ends {when}");
    others.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// A child, its input, which stays open, and the first line that it says.
fn start(how: &str) -> Result<(Child, ChildStdin, String), Box<dyn Error>> {
    let mut child = Command::new(env::current_exe()?)
        .arg(how)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let enter = child.stdin.take().ok_or("it has an input")?;
    let output = child.stdout.take().ok_or("it has an output")?;
    let mut lines = io::BufReader::new(output).lines();
    let said = lines.next().ok_or("it says something")??;
    Ok((child, enter, said))
}
