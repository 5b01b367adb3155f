use listings::runtimes::streams::stream::{Stream, next};

async fn print(mut pages: impl Stream<Item = u32>) {
    while let Some(page) = next(&mut pages).await {
        println!("prints page {page}");
    }
}

fn main() {
    let _print = print(listings::runtimes::streams::stream::pages(3));
}
