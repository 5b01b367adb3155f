use std::pin::pin;

async fn slow() {}

async fn quick() {}

pub async fn first() {
    let loser = pin!(slow());
    tokio::select! {
        () = loser => println!("slow won"),
        () = quick() => println!("quick won"),
    }
    loser.await;
}

fn main() {}
