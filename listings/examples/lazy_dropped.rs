//! Futures that are dropped early: what ran of each, and what it let go of.

use std::future::pending;

use futures::FutureExt;

struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        println!("  drops {}", self.0);
    }
}

async fn board(_ticket: Noisy) {
    println!("  boards");
    let _seat = Noisy("the seat");
    pending::<()>().await; // never ready
    println!("  takes off");
}

fn main() {
    println!("called, never polled:");
    let future = board(Noisy("the ticket"));
    println!("  is called");
    drop(future);

    println!("polled once, then dropped:");
    let outcome = board(Noisy("the ticket")).now_or_never();
    println!("  gives {outcome:?}");
}
