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

fn all() -> impl Future {
    for_each("Ada\nGrace", greet)
}

fn main() {}
