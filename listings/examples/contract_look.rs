//! One poll each: who has woken, and who keeps a waker?

use std::future::{pending, ready};

use listings::futures::poll::countdown::countdown;
use listings::futures::poll::forgetful;
use listings::futures::poll::manual::manual;
use listings::wakers::contract::count::look;

fn show<F: Future>(name: &str, future: F) {
    let look = look(future);
    let answer = if look.pending { "Pending" } else { "Ready" };
    println!("{name}: {answer}, woke {}, kept {}", look.wakes, look.kept);
}

fn main() {
    let (future, _completer) = manual::<u32>();
    let (_sender, receiver) = tokio::sync::oneshot::channel::<u32>();
    let (one, _completer_one) = manual::<u32>();
    let (two, _completer_two) = manual::<u32>();

    show("ready", ready(7));
    show("countdown", countdown(3));
    show("manual", future);
    show("tokio's oneshot", receiver);
    show("join of two manuals", async { futures::join!(one, two) });
    show("the countdown that forgets", forgetful::countdown(3));
    show("std's pending", pending::<()>());
}
