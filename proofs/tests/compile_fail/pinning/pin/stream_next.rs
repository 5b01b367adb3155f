use futures::{Stream, StreamExt};

fn first(mut numbers: impl Stream<Item = u32>) {
    let _next = numbers.next();
}

fn main() {
    first(futures::stream::iter([1, 2, 3]));
}
