// A task may outlive the function that spawned it.

async fn count(words: &[String]) -> usize {
    words.len()
}

async fn count_in_a_task(words: Vec<String>) -> usize {
    let task = tokio::spawn(count(&words));
    task.await.unwrap_or(0)
}

fn main() {}
