async fn download(name: &str) -> String {
    format!("got {name}")
}

#[tokio::main]
async fn main() {
    let a = download("a");
    println!("{}", a.await);
    println!("{} again", a.await);
}
