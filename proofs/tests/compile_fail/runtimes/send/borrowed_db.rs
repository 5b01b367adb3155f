use listings::runtimes::send::spawn::spawn;

async fn count(db: &[&str]) -> usize {
    db.len()
}

fn main() {
    let db = vec!["eggs", "salt"];
    let rows = spawn(count(&db));
    println!("{:?}", rows.join());
}
