use std::pin::{Pin, pin};

async fn download() -> &'static str {
    "the file"
}

fn start<'a>() -> Pin<&'a mut dyn Future<Output = &'static str>> {
    pin!(download())
}

fn main() {
    println!("{}", pollster::block_on(start()));
}
