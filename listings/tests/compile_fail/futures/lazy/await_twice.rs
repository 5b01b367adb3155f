async fn download(name: &str) -> String {
    format!("got {name}")
}

async fn twice() {
    let a = download("a");
    println!("{}", a.await);
    println!("{} again", a.await);
}

fn main() {
    futures::executor::block_on(twice());
}
