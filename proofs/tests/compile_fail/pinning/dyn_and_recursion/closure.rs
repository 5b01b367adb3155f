async fn for_each<F, Fut>(text: &str, mut job: F)
where
    F: FnMut(&str) -> Fut,
    Fut: Future<Output = ()>,
{
    for line in text.lines() {
        job(line).await;
    }
}

async fn greet(name: &str) {
    println!("hello, {name}");
}

async fn borrows_its_argument() {
    for_each("Ada\nGrace", greet).await;
}

async fn borrows_what_it_captured() {
    let mut calls = 0;
    for_each("Ada\nGrace", |_| async { calls += 1 }).await;
}

fn main() {}
