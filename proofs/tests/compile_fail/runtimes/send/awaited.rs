use listings::runtimes::threads::Spawner;

async fn count(db: &[&str]) -> usize {
    db.len()
}

pub async fn report(spawner: &Spawner, db: &[&str]) -> usize {
    let rows = spawner.spawn(count(db));
    rows.await.unwrap_or(0)
}

fn main() {}
