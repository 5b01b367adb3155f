async fn download() -> &'static str {
    "the file"
}

async fn main_task() {
    let mut download = download();
    let file = (&mut download).await;
    println!("got {file}");
}

fn main() {
    pollster::block_on(main_task());
}
