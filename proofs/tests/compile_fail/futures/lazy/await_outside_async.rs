async fn charge_card(cents: u32) {
    println!("charged {cents}");
}

fn checkout() {
    charge_card(4_999).await;
}

fn main() {
    checkout();
}
