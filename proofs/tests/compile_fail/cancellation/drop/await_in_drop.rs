struct Session;

impl Drop for Session {
    fn drop(&mut self) {
        goodbye().await;
    }
}

async fn goodbye() {}

fn main() {}
