//! Who drops the loser of a race, and when.

use std::pin::pin;

use futures::future::{Either, select};
use listings::futures::combinators::race::race;
use listings::futures::poll::countdown::countdown;

/// Says when it is dropped.
struct Work(&'static str);

impl Drop for Work {
    fn drop(&mut self) {
        println!("  {} is dropped", self.0);
    }
}

// ANCHOR: program
async fn slow(name: &'static str) -> &'static str {
    let _work = Work(name);
    println!("  {name} has sent half");
    countdown(3).await;
    println!("  {name} has sent all");
    name
}

async fn quick() -> &'static str {
    countdown(1).await;
    "quick"
}

fn main() {
    pollster::block_on(async {
        println!("our race");
        let winner = race(Box::pin(slow("slow")), Box::pin(quick())).await;
        println!("  {winner:?}");

        println!("futures::future::select");
        let both = select(Box::pin(slow("slow")), Box::pin(quick()));
        if let Either::Right((winner, loser)) = both.await {
            println!("  {winner} won, and here is the other");
            println!("  {} came later", loser.await);
        }

        println!("tokio::select!, by reference");
        let mut loser = pin!(slow("slow"));
        tokio::select! {
            winner = &mut loser => println!("  {winner} won"),
            winner = quick() => println!("  {winner} won"),
        }
        println!("  {} came later", loser.await);
    });
}
// ANCHOR_END: program
