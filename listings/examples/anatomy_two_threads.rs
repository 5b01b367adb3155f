//! One read of a socket: the task on the main thread, the reactor on another.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::thread;

use listings::runtimes::anatomy::reactor::{Reactor, Step, connection};
use listings::runtimes::anatomy::read::read;
use listings::runtimes::anatomy::two_threads::block_on;

fn main() -> io::Result<()> {
    let (here, there) = connection()?;
    let (main, steps) = (thread::current().id(), Arc::new(Mutex::new(vec![])));
    let notes = steps.clone();
    let reactor = Reactor::new(here, move |step| {
        if step == Step::Watch {
            (&there).write_all(b"hello").expect("the buffer is empty");
        }
        let on_main = thread::current().id() == main;
        notes.lock().expect("nobody panics").push((on_main, step));
    })?;
    let mut buffer = [0; 16];
    block_on(&reactor, async { read(&reactor, &mut buffer).await })?;

    let steps = steps.lock().expect("nobody panics").clone();
    for (name, is_main) in [("main thread", true), ("other thread", false)] {
        println!("{name}");
        for (on_main, step) in &steps {
            // How often the other thread waits changes from run to run.
            if *on_main == is_main && *step != Step::Wait {
                println!("  {step}");
            }
        }
    }
    Ok(())
}
