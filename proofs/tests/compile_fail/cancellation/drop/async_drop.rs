struct Session;

impl Drop for Session {
    async fn drop(&mut self) {
        goodbye().await;
    }
}

async fn goodbye() {}

fn main() {}
