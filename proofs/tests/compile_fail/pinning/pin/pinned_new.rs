use listings::futures::poll::countdown::countdown;
use listings::pinning::pin::pinned::Pinned;

async fn greeting() {
    countdown(1).await;
}

fn main() {
    let mut future = greeting();
    let _pinned = Pinned::new(&mut future);
    let _moved = future;
}
