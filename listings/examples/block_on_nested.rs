//! `block_on` within `block_on`, on five runners.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::task::Poll;
use std::time::Duration;

use listings::proof::watchdog;
use listings::wakers::block_on::{flag, park};

// ANCHOR: program
/// In its first poll it wakes and then runs `meanwhile`. In its second poll
/// it is ready.
fn once(mut meanwhile: impl FnMut()) -> impl Future<Output = ()> {
    let mut polled = false;
    poll_fn(move |cx| {
        if polled {
            return Poll::Ready(());
        }
        polled = true;
        cx.waker().wake_by_ref();
        meanwhile();
        Poll::Pending
    })
}

fn main() {
    set_hook(Box::new(|_| {})); // The panics are printed below.
    watch("park", || {
        let inner = || park::block_on(once(|| ()));
        park::block_on(once(inner));
    });
    watch("pollster", || {
        let inner = || pollster::block_on(once(|| ()));
        pollster::block_on(once(inner));
    });
    watch("flag", || {
        let inner = || flag::block_on(once(|| ()));
        flag::block_on(once(inner));
    });
    watch("futures", || {
        let inner = || futures::executor::block_on(once(|| ()));
        futures::executor::block_on(once(inner));
    });
    watch("tokio", || {
        let runtime = tokio::runtime::Runtime::new().expect("it starts");
        let inner = || runtime.block_on(once(|| ()));
        runtime.block_on(once(inner));
    });
}
// ANCHOR_END: program

fn watch(runner: &str, run: impl FnOnce() + Send + 'static) {
    let run = || catch_unwind(AssertUnwindSafe(run));
    match watchdog(Duration::from_secs(1), run) {
        Ok(Ok(())) => println!("{runner}: done"),
        Ok(Err(panic)) => {
            let text = (panic.downcast_ref::<&str>().copied())
                .or(panic.downcast_ref::<String>().map(String::as_str));
            let sentence = text.and_then(|text| text.split(['.', ':']).next());
            println!("{runner} panics: {}", sentence.unwrap_or("no text"));
        }
        Err(hung) => println!("{runner}: {hung}"),
    }
}
