//! Results of jobs in the order of the jobs, and in the order of their ends.

use listings::futures::poll::countdown::countdown;
use listings::runtimes::streams::buffered::buffered;
use listings::runtimes::streams::stream::next;
use listings::runtimes::streams::unordered::buffer_unordered;

async fn job(polls: u32) -> u32 {
    println!("  a job of {polls} begins");
    countdown(polls).await;
    polls
}

async fn both() {
    println!("buffered:");
    let mut results = buffered([4, 1, 2].map(job).into_iter(), 2);
    while let Some(polls) = next(&mut results).await {
        println!("  result of {polls}");
    }
    println!("buffer_unordered:");
    let mut results = buffer_unordered([4, 1, 2].map(job).into_iter(), 2);
    while let Some(polls) = next(&mut results).await {
        println!("  result of {polls}");
    }
}

fn main() {
    pollster::block_on(both());
}
