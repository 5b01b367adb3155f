//! What the tests watch an exercise with. A failed test names the mistake and
//! the page of the book that explains it.

pub mod channel;
/// The task dump of the chapter `runtimes/hangs`.
#[path = "../../listings/src/runtimes/hangs/dump.rs"]
pub mod dump;
mod meanwhile;
/// A notify, for programs to use.
#[path = "../solutions/notify.rs"]
pub mod notify;
mod probe;
pub mod sync;
mod task;
pub mod threads;
pub mod tool;

// The notify that the kit shares with the solutions names the kit.
extern crate self as exercises;

use std::any::Any;
use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel as results};
use std::thread;
use std::time::Duration;

pub use meanwhile::Meanwhile;
pub use probe::{Probe, Remote, probe};
pub use sync::{in_between, while_locked};
pub use task::{Task, block_on, is_ready, join, owns};

/// Where the book is published.
pub const BOOK: &str = env!("BOOK");

/// No right answer takes nearly as long.
const LIMIT: Duration = Duration::from_secs(10);

/// What a failed test says: the contract, and where the book explains it.
pub fn why(page: &str, contract: &str) -> String {
    let mut text = String::from("\n\n ");
    let mut width = 0;
    for word in contract.split(' ') {
        if width + word.len() > 70 {
            text += "\n ";
            width = 0;
        }
        text += " ";
        text += word;
        width += word.len() + 1;
    }
    text + "\n" + &explained(page)
}

/// The same where two values are compared.
pub fn differs(page: &str, contract: &str) -> String {
    why(page, contract) + "  On the left is yours, on the right the expected:"
}

fn explained(page: &str) -> String {
    format!("  In the book: {BOOK}{page}\n")
}

/// Runs a test on a thread of its own, so that one that hangs fails, and says
/// where the book explains it. `hangs` says what the mistake is then.
#[track_caller]
pub fn watched(page: &str, hangs: &str, test: impl FnOnce() + Send + 'static) {
    let (done, is_done) = results();
    let name = thread::current().name().unwrap_or("the test").to_string();
    let thread = thread::Builder::new().name(name).spawn(move || {
        test();
        // The receiver is gone only after the limit.
        let _ = done.send(());
    });
    let thread = thread.expect("there is room for a thread");
    match is_done.recv_timeout(LIMIT) {
        Ok(()) => {}
        Err(RecvTimeoutError::Timeout) => {
            panic!("it hangs: no end within {LIMIT:?}{}", why(page, hangs))
        }
        Err(RecvTimeoutError::Disconnected) => {
            let panic = thread.join().expect_err("it ended without a word");
            if !text(&*panic).contains(BOOK) {
                // It is the panic of the exercise itself, of a `todo!` say.
                eprint!("{}", explained(page));
            }
            resume_unwind(panic)
        }
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or(panic.downcast_ref::<&str>().copied()).unwrap_or_default()
}

/// Whether the type of a value is `Send`. The compiler says no more than that
/// here; it gives its reasons where a function asks for `Send`.
#[macro_export]
macro_rules! is_send {
    ($value:expr) => {{
        struct Asks<T>(std::marker::PhantomData<T>);
        impl<T: Send> Asks<T> {
            // Found first, where the bound is met.
            #[allow(dead_code)]
            fn is_send(&self) -> bool {
                true
            }
        }
        trait Otherwise {
            #[allow(dead_code)]
            fn is_send(&self) -> bool {
                false
            }
        }
        impl<T> Otherwise for Asks<T> {}
        fn asks<T>(_: &T) -> Asks<T> {
            Asks(std::marker::PhantomData)
        }
        asks(&$value).is_send()
    }};
}
