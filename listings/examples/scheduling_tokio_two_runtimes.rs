//! Two runtimes: while a task blocks the thread of one, the other one goes on.

use std::sync::mpsc::channel;
use std::thread;

use tokio::runtime::Builder;

fn main() -> std::io::Result<()> {
    let urgent = Builder::new_current_thread().build()?;
    let (answered, wait_for_answer) = channel();

    // The runtime for the long computations has a thread of its own.
    let (started, wait_for_start) = channel();
    let busy = thread::spawn(move || -> std::io::Result<()> {
        let busy = Builder::new_current_thread().build()?;
        busy.block_on(async {
            println!("busy: a long poll begins");
            started.send(()).expect("main listens");
            // Stands for a computation: the thread is not free.
            wait_for_answer.recv().expect("main answers");
            println!("busy: the long poll ends");
        });
        Ok(())
    });
    wait_for_start.recv().expect("the busy runtime starts");
    urgent.block_on(async { println!("urgent: answered meanwhile") });
    answered.send(()).expect("the busy runtime listens");
    busy.join().expect("it does not panic")
}
