//! Four futures that nobody runs, and no warning about any of them.
#![deny(unused_must_use)]

async fn charge_card(cents: u32) {
    println!("charged {cents}");
}

fn main() {
    let _later = charge_card(100);
    drop(charge_card(200));
    let _list = [charge_card(300), charge_card(400)];
    println!("nothing was charged");
}
