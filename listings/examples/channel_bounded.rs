//! Three scanners and one printer, with a channel for four pages.

use futures::join;

use listings::futures::poll::countdown::countdown;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::block_on::job::count_polls;
use listings::wakers::channel::waiting::{Receiver, Sender, channel};

type Page = Vec<u8>;

// ANCHOR: program
async fn scan(printer: Sender<Page>) {
    for _ in 0..100 {
        countdown(1).await;
        printer.send(vec![0; 100_000]).await;
    }
}

fn main() {
    let (sender, pages) = channel(4);
    let [a, b, c] = [sender.clone(), sender.clone(), sender].map(scan);
    let all = async { join!(a, b, c, print(pages)) };
    let (_, polls) = block_on(count_polls(all));
    println!("{polls} polls");
}
// ANCHOR_END: program

async fn print(mut pages: Receiver<Page>) {
    let mut printed = 0;
    while let Some(page) = pages.recv().await {
        if printed % 60 == 0 {
            let waiting = pages.waiting() * page.len() / 1000;
            println!("{printed:3} printed, {waiting:5} kB wait");
        }
        countdown(3).await;
        printed += 1;
    }
    println!("{printed} printed");
}
