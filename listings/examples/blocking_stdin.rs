//! A program that reads a line with a timeout, run four times as a child
//! whose standard input stays open and empty.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio, exit};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use tokio::io::AsyncBufReadExt;
use tokio::runtime::Builder;
use tokio::select;
use tokio::sync::mpsc;
use tokio::time::sleep;

// ANCHOR: child
fn child(how: &str) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let limit = sleep_for_a_while();
    if how == "a thread of its own" {
        runtime.block_on(async {
            select! {
                line = line_from_a_thread() => println!("read {line:?}"),
                () = limit => println!("too late"),
            }
        });
        return Ok(());
    }
    runtime.block_on(async {
        let mut stdin = tokio::io::BufReader::new(tokio::io::stdin());
        let mut line = String::new();
        select! {
            _ = stdin.read_line(&mut line) => println!("read {line:?}"),
            () = limit => println!("too late"),
        }
    });
    match how {
        "shutdown_background" => runtime.shutdown_background(),
        "exit" => exit(0),
        _ => drop(runtime), // `#[tokio::main]` does the same.
    }
    Ok(())
}

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
// ANCHOR_END: child

async fn sleep_for_a_while() {
    sleep(Duration::from_millis(300)).await;
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(how) = env::args().nth(1) {
        return Ok(child(&how)?);
    }
    let ways =
        ["main returns", "shutdown_background", "exit", "a thread of its own"];
    for how in ways {
        let mut child = Command::new(env::current_exe()?)
            .arg(how)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut enter = child.stdin.take().ok_or("it has an input")?;
        let output = child.stdout.take().ok_or("it has an output")?;
        let said = BufReader::new(output).lines().next().ok_or("it says")??;
        // The first never ends by itself, however long we wait.
        let limit = Instant::now() + Duration::from_secs(2);
        while child.try_wait()?.is_none() && Instant::now() < limit {
            thread::sleep(Duration::from_millis(5));
        }
        let by_itself = child.try_wait()?.is_some();
        // An error means that the child has ended.
        let _ = enter.write_all(b"\n");
        child.wait()?;
        let when = if by_itself { "by itself" } else { "after Enter" };
        println!("{how}: it says {said:?} and ends {when}");
    }
    Ok(())
}
