async fn greeting() -> &'static str {
    "hello"
}

async fn main() {
    println!("{}", greeting().await);
}
