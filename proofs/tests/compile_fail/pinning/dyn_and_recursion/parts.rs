use std::pin::Pin;

use listings::pinning::dyn_and_recursion::jobs::{backup, mail};

async fn without_dyn(first: bool) -> String {
    let job = if first { Box::pin(backup()) } else { Box::pin(mail("Ada")) };
    job.await
}

fn without_box(_job: dyn Future<Output = String>) {}

async fn without_pin(job: Box<dyn Future<Output = String>>) -> String {
    job.await
}

fn without_send(job: Pin<Box<dyn Future<Output = String>>>) {
    tokio::spawn(job);
}

fn main() {}
