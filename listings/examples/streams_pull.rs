//! A stream gives what it is asked for, and works on nothing else.

use listings::runtimes::streams::stream::{next, pages};

async fn print() {
    let mut pages = pages(1000);
    while let Some(page) = next(&mut pages).await {
        println!("prints page {page}, {} asked for", pages.asked());
        if page == 3 {
            break;
        }
    }
}

fn main() {
    pollster::block_on(print());
}
