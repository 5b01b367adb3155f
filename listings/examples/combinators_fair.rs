//! Two streams of messages that are always ready: who is heard?

use listings::futures::combinators::fair;
use listings::futures::combinators::race::{Winner, race};
use listings::futures::poll::ready::ready;

// ANCHOR: main
fn main() {
    pollster::block_on(async {
        let mut left = 0;
        for _ in 0..1000 {
            if let Winner::Left(_) = race(ready(()), ready(())).await {
                left += 1;
            }
        }
        println!("race: {left} of 1000 for the left one");

        let mut left = 0;
        for n in 0..1000 {
            let both = fair::race(n % 2 == 0, ready(()), ready(()));
            if let Winner::Left(_) = both.await {
                left += 1;
            }
        }
        println!("by turns: {left} of 1000");

        let mut left = 0;
        for _ in 0..1000 {
            tokio::select! {
                biased;
                () = ready(()) => left += 1,
                () = ready(()) => (),
            }
        }
        println!("tokio::select!, biased: {left} of 1000");

        let mut left = 0;
        for _ in 0..1000 {
            tokio::select! {
                () = ready(()) => left += 1,
                () = ready(()) => (),
            }
        }
        let both = (1..1000).contains(&left);
        println!("tokio::select!: both were heard: {both}");
    });
}
// ANCHOR_END: main
