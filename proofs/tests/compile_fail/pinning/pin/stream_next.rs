use futures::{Stream, StreamExt};

async fn print(mut numbers: impl Stream<Item = u32>) {
    while let Some(n) = numbers.next().await {
        println!("{n}");
    }
}

fn main() {
    pollster::block_on(print(futures::stream::iter([1, 2, 3])));
}
