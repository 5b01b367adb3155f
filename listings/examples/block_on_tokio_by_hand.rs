//! What the attribute makes of an async `main`.

use std::thread;

use listings::wakers::block_on::job::ask;

fn main() {
    let body = async {
        let answer = ask(|| 42).await;
        let thread = thread::current();
        println!("{answer} on {}", thread.name().unwrap_or("a thread"));
    };
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("Failed building the Runtime")
        .block_on(body)
}
