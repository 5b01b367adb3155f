//! A panic in a task whose handle is dropped: only the panic hook hears of it.

use std::panic::set_hook;

use tokio::task::{JoinSet, yield_now};

async fn guest(name: &str) {
    assert!(name != "Bob", "Bob finds no chair");
    println!("{name} eats");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    set_hook(Box::new(|panic| {
        // A server writes this to its log.
        println!("hook: {}", panic.payload_as_str().unwrap_or("no text"));
    }));

    println!("handles that are dropped:");
    for name in ["Ann", "Bob", "Cem"] {
        drop(tokio::spawn(guest(name)));
    }
    yield_now().await;
    println!("main goes on and knows nothing");

    println!("a JoinSet:");
    let mut guests = JoinSet::new();
    for name in ["Ann", "Bob", "Cem"] {
        guests.spawn(guest(name));
    }
    while let Some(end) = guests.join_next().await {
        println!("main sees a panic: {}", end.is_err_and(|e| e.is_panic()));
    }
}
