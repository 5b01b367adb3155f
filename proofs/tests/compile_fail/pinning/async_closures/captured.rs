async fn three_times<F, Fut>(mut job: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = ()>,
{
    for _ in 0..3 {
        job().await;
    }
}

async fn count() -> u32 {
    let mut calls = 0;
    three_times(|| async { calls += 1 }).await;
    calls
}

fn main() {}
