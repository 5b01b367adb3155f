use listings::pinning::dyn_and_recursion::jobs::Job;

async fn print(letter: &str) -> String {
    format!("printed {letter}")
}

fn job(letter: &str) -> Job {
    Box::pin(print(letter))
}

fn main() {}
