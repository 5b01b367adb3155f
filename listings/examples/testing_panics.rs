//! Where the clock cannot be stopped or moved: three panics.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::{advance, pause};

// ANCHOR: program
fn main() {
    set_hook(Box::new(|panic| println!("{}", text(panic.payload()))));
    let many = Builder::new_multi_thread().enable_all().build();
    let many = many.expect("the system has threads");
    try_it(|| many.block_on(async { pause() }));
    let one = Builder::new_current_thread().enable_all().build();
    let one = one.expect("the system has a poller");
    try_it(|| one.block_on(advance(Duration::from_secs(1))));
    try_it(|| {
        one.block_on(async {
            pause();
            pause();
        })
    });
}
// ANCHOR_END: program

fn try_it(run: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(run));
}

fn text(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or(payload.downcast_ref::<&str>().copied()).unwrap_or("?")
}
