#![deny(unused_must_use)]

async fn charge_card(cents: u32) {
    println!("charged {cents}");
}

async fn checkout() {
    charge_card(4_999);
    println!("thank you for your order");
}

#[tokio::main]
async fn main() {
    checkout().await;
}
