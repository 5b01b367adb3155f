use std::pin::Pin;

fn without_send(job: Pin<Box<dyn Future<Output = String>>>) {
    tokio::spawn(job);
}

fn main() {}
