//! A mutex of std whose guard lives across an `.await`, and one whose does
//! not.

use std::sync::Mutex;
use std::time::Duration;

use futures::join;
use listings::proof::watchdog;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::block_on::job::ask;

// ANCHOR: program
#[expect(clippy::await_holding_lock, reason = "to see what it does")]
async fn held(balance: &Mutex<u32>) {
    let mut balance = balance.lock().expect("nobody panics");
    *balance += ask(|| 5).await;
}

async fn not_held(balance: &Mutex<u32>) {
    let amount = ask(|| 5).await;
    *balance.lock().expect("nobody panics") += amount;
}

fn main() {
    show("held, one deposit", || {
        let balance = Mutex::new(0);
        block_on(held(&balance));
        balance
    });
    show("held, two deposits", || {
        let balance = Mutex::new(0);
        block_on(async { join!(held(&balance), held(&balance)) });
        balance
    });
    show("not held, two deposits", || {
        let balance = Mutex::new(0);
        block_on(async { join!(not_held(&balance), not_held(&balance)) });
        balance
    });
}
// ANCHOR_END: program

fn show(what: &str, run: impl FnOnce() -> Mutex<u32> + Send + 'static) {
    match watchdog(Duration::from_secs(1), run) {
        Ok(balance) => {
            println!("{what}: {}", balance.into_inner().expect("no panic"));
        }
        Err(hung) => println!("{what}: {hung}"),
    }
}
