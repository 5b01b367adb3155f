async fn sum(n: u32) -> u32 {
    if n == 0 {
        return 0;
    }
    sum(n - 1).await + n
}

fn main() {
    let _ = sum(10);
}
