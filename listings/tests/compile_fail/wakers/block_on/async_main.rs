use listings::wakers::block_on::job::ask;

async fn main() {
    println!("{}", ask(|| 42).await);
}
