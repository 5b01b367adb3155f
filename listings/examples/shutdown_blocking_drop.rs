//! What a runtime does with blocking calls when it ends, in six ways.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio, exit};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;
use std::{env, io, thread};

use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

// ANCHOR: blocking
/// Is set when the call in the queue has run.
static LAST: OnceLock<()> = OnceLock::new();

/// Keeps all `threads` of the pool busy, so that one more call has to wait in
/// the queue. The first call blocks until the program's input is closed.
async fn start(threads: usize) {
    let (begins, mut begun) = mpsc::channel(threads);
    for number in 0..threads {
        let begins = begins.clone();
        drop(spawn_blocking(move || {
            let _ = begins.blocking_send(());
            if number == 0 {
                let _ = io::read_to_string(io::stdin());
                println!("the running call ended");
            } else {
                LAST.wait(); // This call only keeps its thread busy.
            }
        }));
    }
    drop(spawn_blocking(|| {
        println!("the queued call ran");
        let _ = LAST.set(());
    }));
    for _ in 0..threads {
        begun.recv().await;
    }
    println!("begun");
}
// ANCHOR_END: blocking

// ANCHOR: program
const SHORT: Duration = Duration::from_millis(10);
const LONG: Duration = Duration::from_secs(3600);

#[tokio::main(flavor = "current_thread")]
async fn main_returns() {
    start(512).await; // The pool of `#[tokio::main]` has 512 threads.
}

fn child(way: &str) -> io::Result<()> {
    if way == "#[tokio::main] returns" {
        main_returns();
    } else {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.max_blocking_threads(1).build()?;
        runtime.block_on(start(1));
        match way {
            "shutdown_timeout(SHORT)" => runtime.shutdown_timeout(SHORT),
            "shutdown_timeout(LONG)" => runtime.shutdown_timeout(LONG),
            "shutdown_background" => runtime.shutdown_background(),
            "exit" => exit(0),
            _ => drop(runtime),
        }
    }
    println!("the runtime ended");
    LAST.wait(); // Without this, the process would end here.
    Ok(())
}
// ANCHOR_END: program

/// The ways, and whether the runtime ends while the call blocks.
const WAYS: [(&str, bool); 6] = [
    ("drop", false),
    ("#[tokio::main] returns", false),
    ("shutdown_timeout(LONG)", false),
    ("shutdown_timeout(SHORT)", true),
    ("shutdown_background", true),
    ("exit", true),
];

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(way) = env::args().nth(1) {
        return Ok(child(&way)?);
    }
    // The program starts itself once for each way.
    let mut children = WAYS.map(|(way, ends)| (way, ends, begin(way), false));
    // First wait for the runtimes that end. Have the others ended by then?
    for wait_for in [true, false] {
        for (_, ends, child, has_ended) in &mut children {
            let (_, said) = child.as_ref().map_err(ToString::to_string)?;
            if *ends == wait_for {
                let limit = Duration::from_secs(if *ends { 60 } else { 0 });
                // A line, or the end of the process.
                let word = said.recv_timeout(limit);
                *has_ended = word != Err(RecvTimeoutError::Timeout);
            }
        }
    }
    for (way, _, child, has_ended) in children {
        let (mut child, said) = child?;
        println!("{way}:");
        let not = if has_ended { "" } else { "not " };
        println!("  while the call blocks: the runtime has {not}ended");
        drop(child.stdin.take()); // Now the call may go on.
        let then: Vec<_> = said.iter().collect();
        let nothing = then.is_empty().then_some("nothing");
        println!("  then: {}", nothing.unwrap_or(&then.join(", ")));
        child.wait()?;
    }
    Ok(())
}

/// A child in which both calls have been started, and what it says from then.
fn begin(way: &str) -> Result<(Child, Receiver<String>), Box<dyn Error>> {
    let mut child = Command::new(env::current_exe()?)
        .arg(way)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().ok_or("it has an output")?;
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    lines.next().ok_or("the calls begin")?;
    let (says, said) = channel();
    thread::spawn(move || lines.try_for_each(|line| says.send(line)));
    Ok((child, said))
}
