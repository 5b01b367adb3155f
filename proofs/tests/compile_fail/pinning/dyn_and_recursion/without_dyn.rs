use listings::pinning::dyn_and_recursion::jobs::{backup, mail};

async fn without_dyn(first: bool) -> String {
    let job = if first { Box::pin(backup()) } else { Box::pin(mail("Ada")) };
    job.await
}

fn main() {}
