//! The sleeps of three runtimes, each under Tokio and under smol.

use std::any::Any;
use std::panic::set_hook;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::task::Waker;
use std::thread;
use std::time::Duration;

use listings::runtimes::timers::{Clock, Timers};

// ANCHOR: program
const NAP: Duration = Duration::from_millis(1);

async fn of_tokio() {
    tokio::time::sleep(NAP).await;
}

async fn of_smol() {
    smol::Timer::after(NAP).await;
}

/// Of the runtime that the chapters before this one have built.
async fn of_ours(timers: Timers) {
    timers.sleep(NAP).await;
}

fn main() {
    set_hook(Box::new(|_| {})); // The messages are printed here, once.
    // The part of our runtime that holds its timers.
    let timers = Timers::new(Clock::Real, Waker::noop().clone());
    let same_timers = timers.clone();

    say("Tokio's sleep under Tokio", || under_tokio(of_tokio()));
    say("Tokio's sleep under smol", || smol::block_on(of_tokio()));
    say("smol's sleep under Tokio", || under_tokio(of_smol()));
    say("smol's sleep under smol", || smol::block_on(of_smol()));
    say("our sleep under Tokio", || under_tokio(of_ours(timers)));
    say("our sleep under smol", || smol::block_on(of_ours(same_timers)));
}

#[tokio::main]
async fn under_tokio(sleep: impl Future<Output = ()>) {
    sleep.await;
}
// ANCHOR_END: program

/// Runs on a thread of its own, which is left behind if it hangs.
fn say(what: &str, run: impl FnOnce() + Send + 'static) {
    let (done, end) = channel();
    let thread = thread::spawn(move || {
        run();
        done.send(())
    });
    match end.recv_timeout(Duration::from_millis(500)) {
        Ok(()) => println!("{what}: works"),
        Err(RecvTimeoutError::Timeout) => println!("{what}: hangs"),
        Err(RecvTimeoutError::Disconnected) => {
            let panic = thread.join().expect_err("it said nothing");
            println!("{what}: panics\n  {}", text(&*panic));
        }
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref().copied().unwrap_or("without a text"),
    }
}
