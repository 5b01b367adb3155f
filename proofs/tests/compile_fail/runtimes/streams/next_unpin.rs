use listings::runtimes::streams::stream::{Stream, next};

fn first(mut pages: impl Stream<Item = u32>) {
    let _first = next(&mut pages);
}

fn main() {
    first(listings::runtimes::streams::stream::pages(3));
}
